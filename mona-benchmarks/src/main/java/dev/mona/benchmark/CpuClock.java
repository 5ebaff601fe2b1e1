package dev.mona.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Watches how much of the machine others use while a peer works: a measurement on a busy machine is
 * no measurement. Reads {@code /proc/stat}; where there is none, the share is not known.
 */
final class CpuClock {
  private static final Path STAT = Path.of("/proc/stat");
  private static final double TICKS_PER_SECOND = 100;

  /** Fields of the first line of /proc/stat that count idle time. */
  private static final int IDLE = 4;

  private static final int WAITING = 5;

  private final ProcessHandle process;
  private final double busy;
  private final Duration own;
  private final long start = System.nanoTime();

  private CpuClock(ProcessHandle process) throws IOException {
    this.process = process;
    this.busy = busySeconds();
    this.own = cpu(process);
  }

  static CpuClock start(ProcessHandle process) throws IOException {
    return new CpuClock(process);
  }

  /** Part of all processors that other processes used since the start; NaN when not known. */
  double foreignShare() throws IOException {
    double elapsed = (System.nanoTime() - start) / 1e9;
    double others = busySeconds() - busy - cpu(process).minus(own).toNanos() / 1e9;
    return Math.max(0, others) / (elapsed * Runtime.getRuntime().availableProcessors());
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double busySeconds() throws IOException {
    if (!Files.exists(STAT)) {
      return Double.NaN;
    }
    try (var lines = Files.lines(STAT)) {
      return busySeconds(lines.findFirst().orElse(""));
    }
  }

  /** Seconds of all processors that were not idle, from the first line of /proc/stat. */
  static double busySeconds(String line) {
    String[] fields = line.trim().split("\\s+", -1);
    double ticks = 0;
    // guest time, after field 8, is part of user time already
    for (int i = 1; i < Math.min(fields.length, 9); i++) {
      if (i != IDLE && i != WAITING) {
        ticks += Double.parseDouble(fields[i]);
      }
    }
    return ticks / TICKS_PER_SECOND;
  }
}
