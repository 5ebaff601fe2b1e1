package dev.mona.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.StoredJson;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.executor.ServedModel;
import dev.mona.inputs.FinetunedBackbone;
import dev.mona.learner.Stage;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.storage.RunDirectory;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.SerialFloats;
import dev.mona.training.ModelParameters;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The finetuned model of a run with all that it takes to predict with it. It is stored as {@code
 * finetuned/}, as the run leaves it, {@code config.conf} and {@code task.json}.
 *
 * @param config of the run
 * @param task what it predicts, with the scale of its predictions
 * @param weights the finetuned encoder and the tensors of its own embedding block
 * @param parameters of all groups
 */
public record FinetunedModel(
    MonaConfig config, TaskSpec task, PretrainedWeights weights, ModelParameters parameters) {
  private static final String TASK = "task.json";
  private static final int LARGEST = 1 << 24;
  private static final JsonMapper JSON = StoredJson.records();

  /** The form of a task in its file. */
  private record StoredTask(
      String name, TaskKind kind, StoredShape shape, int outputs, List<String> classNames) {}

  private record StoredShape(int channels, int height, int width) {}

  /**
   * Reads the model of a run.
   *
   * @param task that of the run; its scale is read
   */
  public static FinetunedModel read(
      RunDirectory run, MonaConfig config, TaskSpec task, Configuration hadoop) {
    TrainedModel.requireFinetuned(run);
    PretrainedWeights weights =
        FinetunedBackbone.open(run.location(RunDirectory.FINETUNED), config.backbone(), hadoop);
    TaskSpec scaled = task.with(TrainedModel.scale(run, task.outputs()));
    Network network = Network.of(scaled, config.embedder(), weights.shape());
    Map<ParameterGroup, float[]> groups = new EnumMap<>(TrainedModel.read(run, network).groups());
    // the same values once
    groups.put(ParameterGroup.ENCODER, weights.encoder());
    return new FinetunedModel(config, scaled, weights, new ModelParameters(groups));
  }

  /** Reads a model that was stored with {@link #write}. */
  public static FinetunedModel open(RunDirectory folder, Configuration hadoop) {
    String text =
        folder.read(
            RunDirectory.CONFIG,
            (in, length) ->
                new String(in.readNBytes(ConfigLayers.LARGEST), StandardCharsets.UTF_8));
    MonaConfig config =
        ConfigLayers.start().stored(folder.location(RunDirectory.CONFIG), text).load();
    StoredTask stored =
        folder.read(TASK, (in, length) -> JSON.readValue(in.readNBytes(LARGEST), StoredTask.class));
    StoredShape shape = stored.shape();
    TaskSpec task =
        new TaskSpec(
            stored.name(),
            new SampleShape(shape.channels(), shape.height(), shape.width()),
            Prediction.of(stored.kind(), stored.outputs(), stored.classNames()),
            config.task().loss().options(stored.kind()));
    return read(folder, config, task, hadoop);
  }

  /** Stores the model. */
  public void write(RunDirectory folder) {
    TrainedModel.writeFinetuned(folder, network(), weights, parameters);
    folder.writeText(RunDirectory.CONFIG, config.rendered());
    SampleShape shape = task.shape();
    StoredTask stored =
        new StoredTask(
            task.name(),
            task.kind(),
            new StoredShape(shape.channels(), shape.height(), shape.width()),
            task.outputs(),
            task.classNames());
    try {
      folder.writeText(TASK, JSON.writeValueAsString(stored) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a task always has a JSON form", e);
    }
  }

  /** Shapes of the network. */
  public Network network() {
    return Network.of(task, config.embedder(), weights.shape());
  }

  /** The model as tasks get it. */
  public ServedModel served() {
    Map<ParameterGroup, SerialFloats> values = new EnumMap<>(ParameterGroup.class);
    parameters.groups().forEach((group, floats) -> values.put(group, new SerialFloats(floats)));
    int batch = config.plan().stages().get(Stage.FINETUNING).batchSize();
    return new ServedModel(
        task,
        config.embedder(),
        weights.shape(),
        values,
        new ServedModel.Serving(config.run().resources(), batch));
  }
}
