package dev.mona.cli;

import dev.mona.arms.Arm;
import dev.mona.config.MonaConfig;
import dev.mona.config.TaskConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.job.SharedWarmup;
import dev.mona.report.Comparison;
import dev.mona.report.Comparison.Contender;
import dev.mona.report.ConsoleProgress;
import dev.mona.report.EarlyStop;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Runs several arms with the same seeds, seed by seed, so that what has run is paired whenever the
 * time is up. A run that has ended before is not run again, and one that begins as another one of
 * its seed did goes on from the end of that one's warm-up.
 *
 * @param commands what trains
 * @param configuration the configuration of an arm and a seed
 * @param budgetMinutes no seed is begun that would probably end later; 0 for no limit
 * @param rule by which an arm ends before the last seed
 * @param processes what runs several seeds at once
 */
record ComparedRuns(
    Commands commands,
    BiFunction<Arm, Long, MonaConfig> configuration,
    double budgetMinutes,
    EarlyStop rule,
    SeedProcesses processes) {
  private static final double NANOSECONDS_A_MINUTE = 60e9;

  /**
   * Who is told what happens.
   *
   * @param out told which run begins, and how arms compare after each seed but the last
   * @param kept given the comparison after each seed
   */
  record Told(PrintWriter out, Consumer<Comparison> kept) {}

  /**
   * Runs them.
   *
   * @param arms the first is what others are compared with, unless they say otherwise
   */
  Comparison run(Supplier<SparkSession> spark, List<Arm> arms, List<Long> seeds, Told told) {
    Map<Arm, List<Comparison.Run>> runs = new LinkedHashMap<>();
    arms.forEach(arm -> runs.put(arm, new ArrayList<>()));
    List<Long> done = new ArrayList<>();
    PrintWriter out = told.out();
    long start = System.nanoTime();
    double longest = 0;
    Comparison comparison = null;
    while (done.size() < seeds.size()) {
      double before = minutes(start);
      if (comparison != null && budgetMinutes > 0 && before + longest > budgetMinutes) {
        out.printf(
            "budget of %s minutes: seeds %s are left out%n",
            number(budgetMinutes), seeds.subList(done.size(), seeds.size()));
        break;
      }
      List<Arm> left = left(arms, comparison);
      int last = Math.min(seeds.size(), done.size() + processes.atOnce());
      List<Long> batch = seeds.subList(done.size(), last);
      processes.run(batch, left);
      for (long seed : batch) {
        if (comparison != null) {
          out.print(comparison.summary());
        }
        seed(spark, left, seed, out)
            .forEach((arm, run) -> runs.computeIfAbsent(arm, a -> new ArrayList<>()).add(run));
        done.add(seed);
        comparison = comparison(runs, done);
        told.kept().accept(comparison);
        left = left(left, comparison);
      }
      longest = Math.max(longest, minutes(start) - before);
    }
    if (comparison == null) {
      throw new IllegalArgumentException("no seed to compare with");
    }
    return comparison;
  }

  /** Runs arms with one seed, one after the other. */
  Map<Arm, Comparison.Run> seed(
      Supplier<SparkSession> spark, List<Arm> arms, long seed, PrintWriter out) {
    Map<Arm, Comparison.Run> runs = new LinkedHashMap<>();
    List<String> directories = new ArrayList<>();
    for (Arm arm : arms) {
      MonaConfig config = configuration.apply(arm, seed);
      out.printf("run %s%n", config.run().id());
      out.flush();
      Comparison.Run run = run(spark, config, new SharedWarmup(true, directories));
      runs.put(arm, run);
      directories.add(run.directory());
    }
    return runs;
  }

  /** Those that the rule has not ended. */
  private static List<Arm> left(List<Arm> arms, @Nullable Comparison comparison) {
    return comparison == null
        ? arms
        : arms.stream().filter(arm -> !comparison.ends(arm.name())).toList();
  }

  private Comparison comparison(Map<Arm, List<Comparison.Run>> runs, List<Long> seeds) {
    List<Contender> contenders =
        runs.entrySet().stream()
            .map(
                each ->
                    new Contender(
                        each.getKey().name(),
                        each.getKey().settings(),
                        each.getKey().baseline(),
                        each.getValue()))
            .toList();
    TaskConfig task = configuration.apply(runs.keySet().iterator().next(), seeds.get(0)).task();
    return new Comparison(task.name(), new ScoreName.Test(task.metric()), seeds, contenders, rule);
  }

  private Comparison.Run run(Supplier<SparkSession> spark, MonaConfig config, SharedWarmup warmup) {
    try (RunListener progress = ConsoleProgress.forThisProcess()) {
      RunEnded ended = commands.train(spark, config, warmup, progress);
      // the score of a run that diverged is that of an epoch of luck: to compare it would favour
      // what diverges
      Scores scores = ended.diverged() ? ended.scores().withoutTest() : ended.scores();
      return new Comparison.Run(ended.directory(), scores);
    }
  }

  private static double minutes(long since) {
    return (System.nanoTime() - since) / NANOSECONDS_A_MINUTE;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
