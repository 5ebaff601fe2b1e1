package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.config.TaskConfig;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.report.Comparison;
import dev.mona.report.ConsoleProgress;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Runs several methods with the same seeds, seed by seed, so that what has run is paired whenever
 * the time is up. A run that has ended before is not run again.
 *
 * @param commands what trains
 * @param configuration the configuration of a method and a seed
 * @param budgetMinutes no seed is begun that would probably end later; 0 for no limit
 */
record ComparedRuns(
    Commands commands, BiFunction<String, Long, MonaConfig> configuration, double budgetMinutes) {
  private static final double NANOSECONDS_A_MINUTE = 60e9;

  /**
   * Runs them.
   *
   * @param methods ids of the methods; the first is what others are compared with
   * @param out told which run begins
   */
  Comparison run(
      Supplier<SparkSession> spark, List<String> methods, List<Long> seeds, PrintWriter out) {
    Map<String, List<Comparison.Run>> runs = new LinkedHashMap<>();
    List<Long> done = new ArrayList<>();
    TaskConfig task = configuration.apply(methods.get(0), seeds.get(0)).task();
    long start = System.nanoTime();
    double longest = 0;
    for (long seed : seeds) {
      double before = minutes(start);
      if (budgetMinutes > 0 && !done.isEmpty() && before + longest > budgetMinutes) {
        out.printf(
            "budget of %s minutes: seeds %s are left out%n",
            number(budgetMinutes), seeds.subList(done.size(), seeds.size()));
        break;
      }
      for (String method : methods) {
        MonaConfig config = configuration.apply(method, seed);
        out.printf("run %s%n", config.run().id());
        out.flush();
        runs.computeIfAbsent(method, m -> new ArrayList<>()).add(run(spark, config));
      }
      done.add(seed);
      longest = Math.max(longest, minutes(start) - before);
    }
    return new Comparison(task.name(), new ScoreName.Test(task.metric()), done, runs);
  }

  private Comparison.Run run(Supplier<SparkSession> spark, MonaConfig config) {
    try (RunListener progress = ConsoleProgress.forThisProcess()) {
      RunEnded ended = commands.train(spark, config, progress);
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
