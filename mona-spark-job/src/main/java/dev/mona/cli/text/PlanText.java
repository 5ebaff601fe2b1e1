package dev.mona.cli.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.config.MonaConfig;
import dev.mona.device.DeviceRequest;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.Stages;
import dev.mona.report.TextTable;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run of a configuration does.
 *
 * @param config the configuration
 * @param found what its data and weights are; empty where they were not looked at
 */
public record PlanText(MonaConfig config, Optional<ReadinessCheck> found) implements Printed {

  @Override
  public String text() {
    return found.map(this::stagesAndModel).orElseGet(this::stages);
  }

  /** What the data and the weights say is left out where they were not looked at. */
  @Override
  public ObjectNode json() {
    DeviceRequest device = config.run().resources().device();
    ObjectNode root = JsonForm.object().put("method", config.method().id());
    root.put("engine", device.engine().id()).put("precision", device.precision().id());
    found.ifPresent(check -> data(root, check));
    ArrayNode stages = root.putArray("stages");
    for (Stage stage : Stage.values()) {
      StageOptions options = config.plan().stages().get(stage);
      ObjectNode node = stages.addObject().put("stage", stage.id());
      node.put("epochs", options.epochs());
      found.ifPresent(check -> node.put("rounds", rounds(options, check)));
      node.put("samples_a_step", samplesPerStep(options));
      JsonForm.number(node, "learning_rate", options.optimizer().learningRate());
      found.ifPresent(check -> node.put("trained_parameters", check.trained(stage)));
    }
    return root;
  }

  private static void data(ObjectNode root, ReadinessCheck found) {
    TaskSpec task = found.task();
    ObjectNode node = root.putObject("task").put("name", task.name());
    node.put("kind", JsonForm.id(task.kind()));
    node.set("sample", JsonForm.shape(task.shape()));
    node.put("outputs", task.outputs());
    root.putObject("samples")
        .put("train", found.samples().train())
        .put("validation", found.samples().validation())
        .put("test", found.samples().test());
    root.put("partitions", found.partitions());
    ObjectNode parameters = root.putObject("parameters");
    for (ParameterGroup group : ParameterGroup.values()) {
      parameters.put(JsonForm.id(group), found.parameters().getOrDefault(group, 0L));
    }
  }

  /** The stages as far as the configuration alone tells. */
  private String stages() {
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
  private String stagesAndModel(ReadinessCheck check) {
    Stages stages = config.plan().stages();
    TextTable table =
        new TextTable(
            "stage", "epochs", "rounds", "samples a step", "learning rate", "trained parameters");
    for (Stage stage : Stage.values()) {
      StageOptions options = stages.get(stage);
      table.row(
          stage.id(),
          String.valueOf(options.epochs()),
          String.valueOf(rounds(options, check)),
          String.valueOf(samplesPerStep(options)),
          TextTable.number(options.optimizer().learningRate()),
          String.valueOf(check.trained(stage)));
    }
    return heading() + data(check) + "\n" + table.render();
  }

  private String heading() {
    String arithmetic = config.run().resources().device().arithmetic();
    return "method " + config.method().id() + "\ncomputes with " + arithmetic + "\n";
  }

  /** Rounds of the partition with most samples; the others run out earlier. */
  private long rounds(StageOptions options, ReadinessCheck found) {
    long steps = ceil(found.largestPartition(), samplesPerStep(options));
    return options.epochs() * ceil(steps, config.averaging().frequency());
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
        JsonForm.id(task.kind()),
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
