package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import dev.mona.arms.Arm;
import dev.mona.cli.failure.ExitCode;
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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * @param out what they print goes there, line by line
 */
record SeedProcesses(int atOnce, int cores, PrintWriter out) {
  /** Which share of a comparison a process has; unset in one that was not started by another. */
  private static final String VARIABLE = "MONA_COMPARE_SHARE";

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  /** Part of the memory for heaps; arrays outside of them have the rest. */
  private static final double MOST_HEAP = 0.5;

  /** JavaCPP's limit of arrays outside the heap, as the launcher gives it. */
  private static final Pattern ARRAYS =
      Pattern.compile("(-Dorg\\.bytedeco\\.javacpp\\.maxbytes=)([0-9]{1,15})([kKmMgGtT]?[bB]?)");

  /** Exit codes of failures that stay when the command is repeated. */
  private static final Map<Integer, MonaException.Category> LASTING =
      Map.of(
          ExitCode.CONFIGURATION.code(), MonaException.Category.CONFIGURATION,
          ExitCode.DATA.code(), MonaException.Category.DATA,
          ExitCode.WEIGHTS.code(), MonaException.Category.WEIGHTS);

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
    private static final Pattern SHARE = Pattern.compile("(-?[0-9]{1,19}) ([0-9]{1,4}) ([^ ]+)");

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
    return new SeedProcesses(atOnce, cores, out);
  }

  /** No process but this one. */
  static SeedProcesses none(PrintWriter out) {
    return new SeedProcesses(1, 0, out);
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

  /** Cores of each where all run. */
  int coresOfOne() {
    return cores / atOnce;
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
    List<String> names = arms.stream().map(Arm::name).toList();
    Started started = new Started();
    // a signal to this process is one to all; a run that is told to end keeps its last step
    Thread cancel = new Thread(started::stop);
    CountDownLatch read = new CountDownLatch(seeds.size());
    Runtime.getRuntime().addShutdownHook(cancel);
    try {
      for (long seed : seeds) {
        Share share = new Share(seed, cores / seeds.size(), names);
        Process process = started.start(share, builder(share, seeds.size()));
        Thread reader = new Thread(() -> copy(seed, process, read), "seed-" + seed);
        reader.setDaemon(true);
        reader.start();
      }
      started.await();
      read.await();
    } catch (IOException e) {
      started.stop();
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "a process for a seed cannot be started (" + Reason.of(e) + "): leave --processes out",
          e);
    } catch (InterruptedException e) {
      started.stop();
      Thread.currentThread().interrupt();
      throw new MonaException(
          MonaException.Category.ENVIRONMENT, "the comparison was interrupted", e);
    } finally {
      removeHook(cancel);
    }
    requireGood(started.codes());
  }

  /** Processes by seed. Once they are stopped, none is started any more. */
  private static final class Started {
    private static final long PATIENCE_SECONDS = 60;

    private final Map<Long, Process> processes = new LinkedHashMap<>();
    private boolean stopped;

    synchronized Process start(Share share, ProcessBuilder builder) throws IOException {
      if (stopped) {
        throw new IOException("the comparison is ending");
      }
      Process process = builder.start();
      processes.put(share.seed(), process);
      return process;
    }

    private synchronized List<Process> all() {
      return List.copyOf(processes.values());
    }

    void await() throws InterruptedException {
      for (Process process : all()) {
        process.waitFor();
      }
    }

    /** Their runs keep a checkpoint and give up their locks. */
    void stop() {
      synchronized (this) {
        stopped = true;
      }
      all().forEach(Process::destroy);
      try {
        for (Process process : all()) {
          if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
          }
        }
      } catch (InterruptedException e) {
        all().forEach(Process::destroyForcibly);
        Thread.currentThread().interrupt();
      }
    }

    synchronized Map<Long, Integer> codes() {
      Map<Long, Integer> codes = new LinkedHashMap<>();
      processes.forEach((seed, process) -> codes.put(seed, process.exitValue()));
      return codes;
    }
  }

  private static void requireGood(Map<Long, Integer> codes) {
    Map<Long, Integer> failed = new LinkedHashMap<>(codes);
    failed.values().removeIf(code -> code == ExitCode.OK.code());
    if (failed.isEmpty()) {
      return;
    }
    String which =
        failed.entrySet().stream()
            .map(each -> each.getKey() + " (exit code " + each.getValue() + ")")
            .collect(Collectors.joining(", "));
    Set<Integer> kinds = Set.copyOf(failed.values());
    MonaException.Category other = MonaException.Category.ENVIRONMENT;
    MonaException.Category category =
        kinds.size() == 1 ? LASTING.getOrDefault(kinds.iterator().next(), other) : other;
    throw new MonaException(
        category,
        "processes have failed, of seed "
            + which
            + ": their lines above say why"
            + (category != other ? "" : "; repeat the command to go on"));
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook is at work
    }
  }

  /** The command of this process, with its share of what the launcher lets arrays take. */
  private static ProcessBuilder builder(Share share, int others) throws IOException {
    String line = Files.readString(COMMAND_LINE, StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(Arrays.asList(line.split("\0", -1)));
    command.remove(command.size() - 1);
    command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.replaceAll(option -> shared(option, others));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(VARIABLE, share.text());
    return builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
  }

  /** An option of the JVM, with a part of the limit if it is that of arrays. */
  static String shared(String option, int others) {
    Matcher limit = ARRAYS.matcher(option);
    if (!limit.matches()) {
      return option;
    }
    long amount = Long.parseLong(limit.group(2));
    // a unit less, so that whole ones are left
    return switch (limit.group(3).toLowerCase(Locale.ROOT).replace("b", "")) {
      case "t" -> limit.group(1) + amount * 1024 / others + "g";
      case "g" -> limit.group(1) + amount * 1024 / others + "m";
      case "m" -> limit.group(1) + amount * 1024 / others + "k";
      case "k" -> limit.group(1) + amount * 1024 / others;
      default -> limit.group(1) + amount / others;
    };
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
