package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own over the tests' class path, with a heap of fixed size that is resident from the
 * start, so that what grows is off the heap.
 */
public final class FixedHeapProcess {
  private static final int MOST_MINUTES = 4;

  private FixedHeapProcess() {}

  /**
   * Runs a program whose one argument is the file to write to, and hands back that file's lines.
   *
   * @param folder where the file and the program's log go
   * @param variables of the environment, beside those of this process
   */
  public static List<String> run(Class<?> program, Path folder, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path result = Files.createDirectories(folder).resolve("result");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command(program, result))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("ended within the time: " + Files.readString(log)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readAllLines(result);
  }

  private static List<String> command(Class<?> program, Path result) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("--add-opens.*|-Dmona\\.test\\..*"))
        .forEach(command::add);
    command.addAll(List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, program.getName(), result.toString()));
    return command;
  }
}
