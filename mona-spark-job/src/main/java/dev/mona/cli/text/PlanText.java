package dev.mona.cli.text;

import dev.mona.config.MonaConfig;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.Stages;
import dev.mona.report.TextTable;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Locale;

/**
 * What a run of a configuration does, for people.
 *
 * @param config the configuration
 */
public record PlanText(MonaConfig config) {

  /** The stages as far as the configuration alone tells. */
  public String stages() {
    Stages stages = config.plan().stages();
    TextTable table = new TextTable("stage", "epochs", "samples a step", "learning rate");
    for (Stage stage : Stage.values()) {
      StageOptions options = stages.get(stage);
      table.row(
          stage.id(),
          String.valueOf(options.epochs()),
          String.valueOf(samplesPerStep(options)),
          TextTable.number(options.optimizer().learningRate()));
    }
    return heading() + "\n" + table.render();
  }

  /** The stages with their rounds, the data and the model. */
  public String stagesAndModel(ReadinessCheck found) {
    Stages stages = config.plan().stages();
    TextTable table =
        new TextTable(
            "stage", "epochs", "rounds", "samples a step", "learning rate", "trained parameters");
    for (Stage stage : Stage.values()) {
      StageOptions options = stages.get(stage);
      long trained =
          stage.trained().stream().mapToLong(g -> found.parameters().getOrDefault(g, 0L)).sum();
      table.row(
          stage.id(),
          String.valueOf(options.epochs()),
          String.valueOf(options.epochs() * roundsPerEpoch(options, found)),
          String.valueOf(samplesPerStep(options)),
          TextTable.number(options.optimizer().learningRate()),
          String.valueOf(trained));
    }
    return heading() + data(found) + "\n" + table.render();
  }

  private String heading() {
    String arithmetic = config.run().resources().device().arithmetic();
    return "method " + config.method().id() + "\ncomputes with " + arithmetic + "\n";
  }

  /** Rounds of the partition with most samples; the others run out earlier. */
  long roundsPerEpoch(StageOptions options, ReadinessCheck found) {
    long steps = ceil(found.largestPartition(), samplesPerStep(options));
    return ceil(steps, config.averaging().frequency());
  }

  private static long samplesPerStep(StageOptions options) {
    return (long) options.batchSize() * options.accumulation();
  }

  private static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }

  private static String data(ReadinessCheck found) {
    TaskSpec task = found.task();
    return String.format(
        Locale.ROOT,
        """
        task %s: %s, samples %s, %d outputs
        samples %d train in %d partitions, %d validation, %d test
        parameters %d embedder, %d encoder, %d head
        """,
        task.name(),
        task.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        task.shape(),
        task.outputs(),
        found.samples().train(),
        found.partitions(),
        found.samples().validation(),
        found.samples().test(),
        found.parameters().getOrDefault(ParameterGroup.EMBEDDER, 0L),
        found.parameters().getOrDefault(ParameterGroup.ENCODER, 0L),
        found.parameters().getOrDefault(ParameterGroup.HEAD, 0L));
  }
}
