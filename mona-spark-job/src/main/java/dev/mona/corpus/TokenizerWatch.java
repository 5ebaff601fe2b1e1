package dev.mona.corpus;

import dev.mona.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Two threads beside a {@link TokenizerProcess}: one kills it when it takes too much time or
 * memory, the other keeps the end of what it prints, for the message.
 */
final class TokenizerWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 100;
  private static final int SIGNALLED = 128;
  private static final int TAIL_BYTES = 4096;

  /** What Rust's standard library and the JVM print before they give up. */
  private static final List<String> SIGNS_OF_MEMORY =
      List.of("memory allocation of", "OutOfMemoryError", "insufficient memory");

  private enum Verdict {
    NONE,
    TIME,
    MEMORY
  }

  private final Process process;
  private final TokenizerLimits limits;
  private final Thread guard = new Thread(this::guard, "tokenizer-limits");
  private final Thread listener = new Thread(this::listen, "tokenizer-messages");
  private final StringBuilder tail = new StringBuilder();
  private volatile Verdict verdict = Verdict.NONE;

  private TokenizerWatch(Process process, TokenizerLimits limits) {
    this.process = process;
    this.limits = limits;
  }

  static TokenizerWatch of(Process process, TokenizerLimits limits) {
    TokenizerWatch watch = new TokenizerWatch(process, limits);
    for (Thread thread : List.of(watch.guard, watch.listener)) {
      thread.setDaemon(true);
      thread.start();
    }
    return watch;
  }

  private void guard() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(limits.seconds());
    Path memory = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      while (!process.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > deadline) {
          verdict = Verdict.TIME;
        } else if (residentKibibytes(memory) > 1024L * limits.mebibytes()) {
          verdict = Verdict.MEMORY;
        } else {
          continue;
        }
        process.destroyForcibly();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Resident memory of a process, 0 where the system does not tell. */
  private static long residentKibibytes(Path status) {
    try {
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // No /proc, or the process has just ended: the other limits hold.
      return 0;
    }
    return 0;
  }

  private void listen() {
    byte[] buffer = new byte[TAIL_BYTES];
    try (InputStream printed = process.getErrorStream()) {
      for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
        synchronized (tail) {
          tail.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          tail.delete(0, Math.max(0, tail.length() - TAIL_BYTES));
        }
      }
    } catch (IOException e) {
      // Closed with the process: what was printed so far is kept.
      return;
    }
  }

  /**
   * One sentence on a process that ended by itself or was killed.
   *
   * @param where name of its tokenizer.json
   * @param exit its exit status, 128 more than the signal that ended it
   */
  String sentence(String where, int exit) {
    String printed = printed();
    if (verdict == Verdict.TIME) {
      return String.format(
          Locale.ROOT,
          "%s took longer than %d s to tokenise the source texts: give the model's own tokenizer.json, or raise source.tokenizer.seconds",
          where,
          limits.seconds());
    }
    if (verdict == Verdict.MEMORY || SIGNS_OF_MEMORY.stream().anyMatch(printed::contains)) {
      return tooMuchMemory(where);
    }
    String last = lastLine(printed);
    return "The process that tokenises with %s died with %s%s: give the model's own tokenizer.json"
        .formatted(
            where,
            exit > SIGNALLED ? "signal " + (exit - SIGNALLED) : "exit code " + exit,
            last.isEmpty() ? "" : ", saying " + Quoted.of(last));
  }

  String tooMuchMemory(String where) {
    return String.format(
        Locale.ROOT,
        "%s used more than %d MiB of memory to tokenise the source texts: give the model's own tokenizer.json, or raise source.tokenizer.memory",
        where,
        limits.mebibytes());
  }

  private String printed() {
    try {
      listener.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (tail) {
      return tail.toString();
    }
  }

  /** What a panic of the native library says: its message follows the line with its place. */
  private static String lastLine(String printed) {
    List<String> lines =
        printed
            .lines()
            .map(String::strip)
            .filter(
                line -> !line.isEmpty() && !line.startsWith("note: ") && !line.startsWith("SLF4J"))
            .toList();
    for (int i = lines.size() - 2; i >= 0; i--) {
      if (lines.get(i).contains("panicked at")) {
        return lines.get(i + 1);
      }
    }
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  @Override
  public void close() {
    guard.interrupt();
  }
}
