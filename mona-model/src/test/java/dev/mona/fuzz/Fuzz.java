package dev.mona.fuzz;

import com.sun.management.ThreadMXBean;
import dev.mona.MonaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Damaged files for a reader of files from outside. Whatever the damage, the reader returns or
 * throws a {@link MonaException} with one line of plain text, in bounded time and memory; nothing
 * else.
 *
 * <p>Seeds are whole files. Kept findings, in {@code src/test/resources/fuzz/<reader>}, are read
 * each time; then {@code mona.fuzz.inputs} damaged files, the same ones each time unless {@code
 * mona.fuzz.seed} says otherwise. What fails is left in {@code target/fuzz-findings}, to be kept
 * once it is mended.
 */
public final class Fuzz {
  private static final int INPUTS = Integer.getInteger("mona.fuzz.inputs", 250);
  private static final long SEED = Long.getLong("mona.fuzz.seed", 1);
  private static final long MOST_SECONDS = 30;

  /**
   * What one thread may allocate over the reading of a file of a few KB, with all that it frees.
   */
  private static final long MOST_BYTES = 1L << 30;

  private static final int MOST_KINDS = 8;
  private static final Path KEPT = Path.of("src/test/resources/fuzz");
  private static final Path FINDINGS = Path.of("target/fuzz-findings");

  private final String name;
  private final boolean text;
  private final List<byte[]> seeds = new ArrayList<>();
  private int share = 1;
  private boolean lists;

  /** A reader. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] file) throws Exception;
  }

  private Fuzz(String name, boolean text) {
    this.name = name;
    this.text = text;
  }

  /** Files of bytes. */
  public static Fuzz binary(String name) {
    return new Fuzz(name, false);
  }

  /** Files of text, in which numbers and signs are exchanged too. */
  public static Fuzz text(String name) {
    return new Fuzz(name, true);
  }

  /** Adds a whole file. */
  public Fuzz seed(byte[] file) {
    seeds.add(file);
    return this;
  }

  /** Adds the files of a folder of the test resources. */
  public Fuzz seeds(String folder) {
    files(KEPT.resolve("seeds").resolve(folder)).forEach(file -> seeds.add(read(file)));
    return this;
  }

  /** Reads only so manyth part of the inputs, for slow readers. */
  public Fuzz slow(int share) {
    this.share = share;
    return this;
  }

  /** Messages may list several problems, a line each. */
  public Fuzz lists() {
    lists = true;
    return this;
  }

  /**
   * Reads every seed, which must succeed, the kept findings and the damaged files.
   *
   * @throws AssertionError with each kind of failure and the file that shows it
   */
  public void check(Reader reader) {
    Map<String, String> failures = new LinkedHashMap<>();
    for (byte[] seed : seeds) {
      String problem = problem(reader, seed, true);
      if (problem != null) {
        throw new AssertionError("a seed of " + name + " is not read: " + problem);
      }
    }
    for (Path file : files(KEPT.resolve(name))) {
      String problem = problem(reader, read(file), false);
      if (problem != null) {
        failures.putIfAbsent(problem, file.toString());
      }
    }
    for (int i = 0; i < INPUTS / share && failures.size() < MOST_KINDS; i++) {
      long number = SEED * 1_000_003 + i;
      byte[] file = Mutation.of(seeds, text, number);
      String problem = problem(reader, file, false);
      if (problem != null && !failures.containsKey(problem)) {
        failures.put(problem, write(file, number).toString());
      }
    }
    if (!failures.isEmpty()) {
      StringBuilder message = new StringBuilder();
      failures.forEach((problem, file) -> message.append("%n%s: %s".formatted(file, problem)));
      throw new AssertionError(name + " with seed " + SEED + message);
    }
  }

  /** What is wrong with the outcome, without what differs from file to file; null if nothing. */
  private @Nullable String problem(Reader reader, byte[] file, boolean whole) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FutureTask<Long> task =
        new FutureTask<>(
            () -> {
              long before = threads.getCurrentThreadAllocatedBytes();
              try {
                reader.read(file.clone());
              } catch (MonaException e) {
                if (whole) {
                  throw new IllegalStateException(e);
                }
                String message = String.valueOf(e.getMessage());
                requirePlain(lists ? message.replace('\n', ' ') : message);
              }
              return threads.getCurrentThreadAllocatedBytes() - before;
            });
    Thread thread = new Thread(task, "fuzz");
    thread.setDaemon(true);
    thread.start();
    try {
      long allocated = task.get(MOST_SECONDS, TimeUnit.SECONDS);
      return allocated > MOST_BYTES ? "allocates more than " + MOST_BYTES + " bytes" : null;
    } catch (ExecutionException e) {
      return whole
          ? String.valueOf(e.getCause())
          : kind(Objects.requireNonNullElse(e.getCause(), e));
    } catch (TimeoutException e) {
      StackTraceElement[] trace = thread.getStackTrace();
      return "takes longer than "
          + MOST_SECONDS
          + " seconds"
          + (trace.length > 0 ? " in " + trace[0] : "");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One line, nothing that a terminal obeys. */
  private static void requirePlain(String message) {
    boolean plain =
        message
            .codePoints()
            .noneMatch(
                sign ->
                    switch (Character.getType(sign)) {
                      case Character.CONTROL,
                          Character.FORMAT,
                          Character.LINE_SEPARATOR,
                          Character.PARAGRAPH_SEPARATOR,
                          Character.SURROGATE ->
                          true;
                      default -> false;
                    });
    if (!plain || message.isBlank() || message.equals("null")) {
      throw new IllegalStateException("a message that is not one line of text: " + message);
    }
  }

  private static String kind(Throwable thrown) {
    StringBuilder kind = new StringBuilder(thrown.getClass().getName());
    int frames = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frames < 2 || (frames < 4 && frame.getClassName().startsWith("dev.mona"))) {
        kind.append(" < ").append(frame);
        frames++;
      }
    }
    if (thrown instanceof IllegalStateException) {
      kind.append(" (")
          .append(String.valueOf(thrown.getMessage()).replaceAll("[^\\p{Graph} ]", "?"))
          .append(')');
    }
    return kind.toString();
  }

  private Path write(byte[] file, long number) {
    try {
      Files.createDirectories(FINDINGS);
      return Files.write(FINDINGS.resolve(name + "-" + number + ".bin"), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
