package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import dev.mona.arms.Arm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Seeds in processes of their own: each is this command once more, told by a variable of its
 * environment which seed, cores and arms are its own. It leaves finished runs, which this process
 * then reads. A run has the same bytes in either: cores and processes change none.
 *
 * @param atOnce processes at once; with 1 there is none but this one
 * @param cores cores that they share
 * @param memory of the machine, bytes
 * @param out what they print goes there, line by line
 */
record SeedProcesses(int atOnce, int cores, long memory, PrintWriter out) {
  /** Which share of a comparison a process has; unset in one that was not started by another. */
  private static final String VARIABLE = "MONA_COMPARE_SHARE";

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final List<String> CLASS_PATH = List.of("-cp", "-classpath", "--class-path");

  /** Arrays have the rest of the memory: as in {@code deploy/local/mona} three quarters of it. */
  private static final double MOST_HEAP = 0.5;

  private static final double ARRAYS = 0.75;
  private static final Pattern LOCAL = Pattern.compile("local\\[([0-9]{1,4})(,[0-9]+)?]");
  private static final double MEBIBYTE = 1 << 20;

  /**
   * What a process does of a comparison.
   *
   * @param seed its seed
   * @param cores cores that it takes
   * @param arms names of what it runs
   */
  record Share(long seed, int cores, List<String> arms) {
    private static final Pattern SHARE = Pattern.compile("(-?[0-9]{1,18}) ([0-9]{1,4}) ([^ ]+)");

    /** The share of this process. */
    static @Nullable Share ofThisProcess() {
      String text = System.getenv(VARIABLE);
      return text == null ? null : parse(text);
    }

    static Share parse(String text) {
      Matcher fields = SHARE.matcher(text);
      if (!fields.matches()) {
        throw MonaException.configuration(
            VARIABLE + " is set by mona compare for processes that it starts: unset it");
      }
      return new Share(
          Long.parseLong(fields.group(1)),
          Integer.parseInt(fields.group(2)),
          List.of(fields.group(3).split(",", -1)));
    }

    String text() {
      return seed + " " + cores + " " + String.join(",", arms);
    }
  }

  /**
   * Checks that processes fit this machine.
   *
   * @param atOnce how many
   * @param master Spark's master, as in {@code local[4]}; empty for the usual one
   * @param memory of the machine, bytes
   * @param heap of a process at most, bytes
   * @throws MonaException if they do not
   */
  static SeedProcesses fitting(int atOnce, String master, long memory, long heap, PrintWriter out) {
    int cores = cores(master);
    if (atOnce > 1 && cores == 0) {
      throw MonaException.configuration(
          "--processes is %s and Spark's master %s is not this machine: leave it out"
              .formatted(atOnce, Quoted.of(master)));
    }
    if (atOnce < 1 || (atOnce > 1 && atOnce > cores)) {
      throw MonaException.configuration(
          "--processes is %s, must be from 1 to %s, a core for each"
              .formatted(atOnce, Math.max(1, cores)));
    }
    if (atOnce > 1 && (double) atOnce * heap > MOST_HEAP * memory) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "--processes is %d, each with a heap of %.0f MiB, more than half of the %.0f MiB of"
                  + " memory: give fewer, or a smaller heap (MONA_HEAP, or --driver-memory of"
                  + " spark-submit)",
              atOnce,
              heap / MEBIBYTE,
              memory / MEBIBYTE));
    }
    return new SeedProcesses(atOnce, cores, memory, out);
  }

  /** No process but this one. */
  static SeedProcesses none(PrintWriter out) {
    return new SeedProcesses(1, 0, 0, out);
  }

  /** Cores of a master in this process; 0 of any other one. */
  private static int cores(String master) {
    int all = Runtime.getRuntime().availableProcessors();
    if (master.isEmpty() || master.startsWith("local[*")) {
      return all;
    }
    if (master.equals("local")) {
      return 1;
    }
    Matcher matcher = LOCAL.matcher(master);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /**
   * Runs arms with each of some seeds and waits for all.
   *
   * @throws MonaException when one has failed, once the others have ended
   */
  void run(List<Long> seeds, List<Arm> arms) {
    if (atOnce == 1 || seeds.size() == 1) {
      return;
    }
    Map<Long, Process> started = new LinkedHashMap<>();
    // a signal to this process is one to all; a run that is told to end keeps its last step
    Thread cancel = new Thread(() -> started.values().forEach(Process::destroy));
    CountDownLatch read = new CountDownLatch(seeds.size());
    Runtime.getRuntime().addShutdownHook(cancel);
    try {
      for (long seed : seeds) {
        Process process = start(seed, arms, seeds.size());
        started.put(seed, process);
        Thread reader = new Thread(() -> copy(seed, process, read), "seed-" + seed);
        reader.setDaemon(true);
        reader.start();
      }
      for (Process process : started.values()) {
        process.waitFor();
      }
      read.await();
    } catch (IOException e) {
      started.values().forEach(Process::destroy);
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "a process for a seed cannot be started (" + Reason.of(e) + "): leave --processes out",
          e);
    } catch (InterruptedException e) {
      started.values().forEach(Process::destroy);
      Thread.currentThread().interrupt();
      throw new MonaException(
          MonaException.Category.ENVIRONMENT, "the comparison was interrupted", e);
    } finally {
      removeHook(cancel);
    }
    String failed =
        started.entrySet().stream()
            .filter(each -> each.getValue().exitValue() != 0)
            .map(each -> each.getKey() + " (exit code " + each.getValue().exitValue() + ")")
            .collect(Collectors.joining(", "));
    if (!failed.isEmpty()) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "processes have failed, of seed "
              + failed
              + ": their lines above say why; repeat the command to go on");
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook is at work
    }
  }

  private Process start(long seed, List<Arm> arms, int others) throws IOException {
    List<String> names = arms.stream().map(Arm::name).toList();
    ProcessBuilder builder = new ProcessBuilder(command(others));
    builder.environment().put(VARIABLE, new Share(seed, cores / others, names).text());
    return builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .start();
  }

  /** The command of this process, with a share of the memory that it may take for arrays. */
  private List<String> command(int others) throws IOException {
    String line = Files.readString(COMMAND_LINE, StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(Arrays.asList(line.split("\0", -1)));
    command.remove(command.size() - 1);
    command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    long arrays = (long) (ARRAYS * memory / others);
    // options before it would lose to the same ones of the launcher
    int at =
        command.stream().filter(CLASS_PATH::contains).findFirst().map(command::indexOf).orElse(1);
    command.add(at, "-Dorg.bytedeco.javacpp.maxbytes=" + arrays);
    return command;
  }

  private void copy(long seed, Process process, CountDownLatch read) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (out) {
          out.println("seed " + seed + " | " + line);
          out.flush();
        }
      }
    } catch (IOException e) {
      out.println("seed " + seed + " | what it printed cannot be read: " + Reason.of(e));
    } finally {
      read.countDown();
    }
  }
}
