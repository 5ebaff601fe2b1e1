package dev.mona.example;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python for the examples: the one that the variable {@value #VARIABLE} names, or a virtual
 * environment under {@code target} that stays for the next run, as {@code
 * tools/python/environment.sh} makes it.
 *
 * @param program its interpreter
 */
public record Python(Path program) {
  private static final String VARIABLE = "MONA_PYTHON";
  private static final long MINUTES = 6;

  /** How the script ends where PyTorch's index of small builds is not reached. */
  private static final int NO_PYTORCH = 69;

  /** Why an environment could not be made in this JVM, by its requirements. */
  private static final Map<Path, String> REFUSED = new ConcurrentHashMap<>();

  /**
   * Where the packages cannot be installed, for example because there is no package index, the test
   * is skipped with the reason; in continuous integration it fails, unless it is only that
   * PyTorch's own index is not reached.
   *
   * @param requirements file of requirements
   */
  public static Python with(Path requirements) {
    String named = System.getenv(VARIABLE);
    if (named != null) {
      return new Python(Path.of(named));
    }
    String refused = REFUSED.get(requirements);
    Assumptions.assumeTrue(refused == null, refused);
    Path folder = Path.of("target", "python-" + requirements.getFileName()).toAbsolutePath();
    // those that PyPI has for Linux bring three gigabytes of libraries for GPUs
    Ended made =
        made(
            List.of(
                checkout("tools/python/environment.sh").toString(),
                folder.toString(),
                "--torch-backend=cpu",
                "-r",
                requirements.toString()));
    if (made.code() != 0) {
      String reason = made.output().strip();
      reason = reason.substring(reason.lastIndexOf('\n') + 1);
      if ("true".equals(System.getenv("CI")) && made.code() != NO_PYTORCH) {
        throw new AssertionError(made.output());
      }
      REFUSED.put(requirements, reason);
      Assumptions.abort(reason);
    }
    return new Python(folder.resolve("bin/python"));
  }

  private static Ended made(List<String> command) {
    try {
      return run(command);
    } catch (IOException e) {
      return new Ended(-1, e.toString());
    }
  }

  /** How a program ended. */
  public record Ended(int code, String output) {}

  /** Runs a script with arguments. */
  public Ended run(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return run(command);
  }

  private static Ended run(List<String> command) throws IOException {
    Path log = Files.createTempFile("python", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("HF_HUB_OFFLINE", "1");
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return new Ended(-1, "no end after " + MINUTES + " minutes: " + Files.readString(log));
      }
      return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      Files.delete(log);
    }
  }

  /** A file of the checkout. */
  public static Path checkout(String name) {
    return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent()).resolve(name);
  }
}
