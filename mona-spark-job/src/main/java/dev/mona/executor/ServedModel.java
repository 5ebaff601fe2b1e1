package dev.mona.executor;

import dev.mona.config.RunConfig;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Encoder;
import dev.mona.learner.Predictor;
import dev.mona.network.Network;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.SerialFloats;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * A finetuned model on its way to the tasks that predict with it.
 *
 * @param task what it predicts
 * @param embedder how samples come in
 * @param encoder shape of the encoder
 * @param parameters flat parameters of every group
 * @param serving what its tasks work with
 */
public record ServedModel(
    TaskSpec task,
    EmbedderOptions embedder,
    Encoder encoder,
    Map<ParameterGroup, SerialFloats> parameters,
    Serving serving)
    implements Serializable {

  /**
   * What tasks work with.
   *
   * @param resources device and threads of a task
   * @param batch samples of one forward pass
   */
  public record Serving(RunConfig.Resources resources, int batch) implements Serializable {}

  /** The model on the device of the calling thread's task. */
  public Predictor predictor() {
    Map<ParameterGroup, float[]> values = new EnumMap<>(ParameterGroup.class);
    parameters.forEach((group, floats) -> values.put(group, floats.values()));
    return new Predictor(
        Network.of(task, embedder, encoder), values, BroadcastLearners.bind(serving.resources()));
  }
}
