package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.report.Comparison;
import dev.mona.report.ConsoleProgress;
import dev.mona.report.RunListener;
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
  private static final String TEST = "test_";

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
    String task = "";
    String metric = "";
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
        task = config.task().name();
        metric = TEST + config.task().metric().id().replace('-', '_');
        out.printf("run %s%n", config.run().id());
        out.flush();
        runs.computeIfAbsent(method, m -> new ArrayList<>()).add(run(spark, config));
      }
      done.add(seed);
      longest = Math.max(longest, minutes(start) - before);
    }
    return new Comparison(task, metric, done, runs);
  }

  private Comparison.Run run(Supplier<SparkSession> spark, MonaConfig config) {
    try (RunListener progress = ConsoleProgress.forThisProcess()) {
      TrainingResult result = commands.train(spark, config, progress);
      Map<String, Double> scores = new LinkedHashMap<>(result.scores());
      if (result.diverged()) {
        // its score is that of an epoch of luck: to compare it would favour what diverges
        scores.keySet().removeIf(name -> name.startsWith(TEST));
      }
      return new Comparison.Run(result.directory(), scores);
    }
  }

  private static double minutes(long since) {
    return (System.nanoTime() - since) / NANOSECONDS_A_MINUTE;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
