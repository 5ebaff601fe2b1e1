package dev.mona.example;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * environment under {@code target} that stays for the next run.
 *
 * @param program its interpreter
 */
public record Python(Path program) {
  private static final String VARIABLE = "MONA_PYTHON";
  private static final String UV = "uv==0.13.9";
  private static final long MINUTES = 6;

  /** Why an environment could not be made in this JVM, by its requirements. */
  private static final Map<Path, String> REFUSED = new ConcurrentHashMap<>();

  /**
   * Where the packages cannot be installed, for example because there is no package index, the test
   * is skipped with the reason.
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
    Path complete = folder.resolve("complete");
    Path python = folder.resolve("bin/python");
    try {
      String wanted = UV + "\n" + Files.readString(requirements);
      if (!Files.exists(complete) || !Files.readString(complete).equals(wanted)) {
        require(requirements, "python3", "-m", "venv", "--clear", folder.toString());
        require(requirements, python.toString(), "-m", "pip", "install", "-q", UV);
        // those that PyPI has for Linux bring three gigabytes of libraries for GPUs
        require(
            requirements,
            folder.resolve("bin/uv").toString(),
            "pip",
            "install",
            "-q",
            "--torch-backend=cpu",
            "--python=" + python,
            "-r",
            requirements.toString());
        Files.writeString(complete, wanted);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Python(python);
  }

  private static void require(Path requirements, String... command) throws IOException {
    Ended ended;
    try {
      ended = run(List.of(command));
    } catch (IOException e) {
      ended = new Ended(-1, e.toString());
    }
    if (ended.code() != 0) {
      String reason =
          "a Python environment cannot be made here: %s: %s"
              .formatted(String.join(" ", command), ended.output());
      REFUSED.put(requirements, reason);
      Assumptions.abort(reason);
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
