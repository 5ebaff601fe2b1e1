package dev.mona.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.Shown;
import dev.mona.config.MonaConfig;
import dev.mona.executor.BroadcastLearners;
import dev.mona.spark.SparkJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The numbers of a run that decide its last bits and that its configuration may leave to the
 * machine. They are fixed when the run is started, and stand in its {@code provenance.json}; the
 * partitions alone can change when it is continued, if that is asked for.
 *
 * @param partitions workers
 * @param threads native threads of one task, of all kinds of executors
 * @param environment {@code OMP_NUM_THREADS} of tasks, which some reductions follow alone
 */
public record Parallelism(int partitions, List<String> threads, List<String> environment) {
  private static final String PARTITIONS = "partitions";
  private static final String THREADS = "task_threads";
  private static final String ENVIRONMENT = "executor_omp_num_threads";

  public Parallelism {
    threads = List.copyOf(threads);
    environment = List.copyOf(environment);
  }

  /** Asks the tasks that there will be. */
  public static Parallelism of(JavaSparkContext spark, MonaConfig config, int partitions) {
    int configured = config.run().resources().threadsPerTask();
    List<Integer> tasks = IntStream.range(0, partitions).boxed().toList();
    List<List<String>> found =
        SparkJob.described(
            spark,
            "read the environment of tasks",
            () ->
                spark
                    .parallelize(tasks, partitions)
                    .map(
                        task -> {
                          String environment = BroadcastLearners.environmentThreads();
                          return List.of(threads(configured, environment), environment);
                        })
                    .collect());
    return new Parallelism(partitions, distinct(found, 0), distinct(found, 1));
  }

  private static List<String> distinct(List<List<String>> found, int column) {
    return found.stream().map(task -> task.get(column)).distinct().sorted().toList();
  }

  /** As ND4J takes them: the setting, the environment, or one for each processor. */
  private static String threads(int configured, String environment) {
    if (configured > 0) {
      return String.valueOf(configured);
    }
    return environment.matches("[0-9]+")
        ? environment
        : String.valueOf(Runtime.getRuntime().availableProcessors());
  }

  /** Puts them among a run's facts, or into the entry of a start. */
  void describe(Map<String, Object> facts) {
    facts.put(PARTITIONS, partitions);
    facts.put(THREADS, threads);
    facts.put(ENVIRONMENT, environment);
  }

  /**
   * The partitions that a run goes on with, if it was started: those of its last start, or others
   * where {@code run.repartition} allows it.
   *
   * @throws MonaException if the configuration asks for another number and does not allow it
   */
  public static OptionalInt started(Optional<JsonNode> facts, MonaConfig config, String run) {
    OptionalInt last = last(facts);
    int wanted = config.run().resources().partitions();
    if (last.isEmpty() || wanted == 0 || wanted == last.getAsInt()) {
      return last;
    }
    if (config.run().restart().repartition()) {
      return OptionalInt.of(wanted);
    }
    if (facts.isPresent() && wanted == facts.get().path(PARTITIONS).asInt()) {
      return last; // what the run's own configuration says, from before the number changed
    }
    throw MonaException.configuration(
        String.format(
            Locale.ROOT,
            "%s was trained with %d partitions and run.partitions is %d now: leave it out to go on with %d, set run.repartition to go on with %d and another result, or start a new run",
            run,
            last.getAsInt(),
            wanted,
            last.getAsInt(),
            wanted));
  }

  /** Partitions of a run's last start; none if it was never started. */
  public static OptionalInt last(Optional<JsonNode> facts) {
    int last = 0;
    if (facts.isPresent()) {
      last = facts.get().path(PARTITIONS).asInt(0);
      for (JsonNode start : facts.get().path(Starts.STARTS)) {
        last = start.path(PARTITIONS).asInt(last); // earlier versions kept one number for all
      }
    }
    return last > 0 ? OptionalInt.of(last) : OptionalInt.empty();
  }

  /**
   * Refuses to go on with other threads than a run was started with.
   *
   * @throws MonaException of the category {@code CONFIGURATION} with both numbers
   */
  public void requireSame(Optional<JsonNode> facts, String run) {
    List<String> threadsThen = texts(facts, THREADS);
    if (!threadsThen.isEmpty() && !threadsThen.equals(threads)) {
      throw MonaException.configuration(
          "%s was started with %s native threads a task and tasks have %s now: set run.threads-per-task and OMP_NUM_THREADS as they were then, or start a new run"
              .formatted(run, joined(threadsThen), joined(threads)));
    }
    List<String> environmentThen = texts(facts, ENVIRONMENT);
    if (!environmentThen.isEmpty() && !environmentThen.equals(environment)) {
      throw MonaException.configuration(
          "%s was started with OMP_NUM_THREADS %s and tasks have %s now: set it as it was, on executors with spark.executorEnv.OMP_NUM_THREADS, or start a new run"
              .formatted(run, joined(environmentThen), joined(environment)));
    }
  }

  private static String joined(List<String> numbers) {
    return numbers.stream().map(Shown::line).collect(Collectors.joining(" and "));
  }

  private static List<String> texts(Optional<JsonNode> facts, String field) {
    List<String> texts = new ArrayList<>();
    facts.ifPresent(all -> all.path(field).forEach(text -> texts.add(text.asText())));
    return texts;
  }
}
