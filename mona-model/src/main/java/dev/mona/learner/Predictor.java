package dev.mona.learner;

import dev.mona.compute.Device;
import dev.mona.finetuning.TaskStep;
import dev.mona.network.Network;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.Map;
import java.util.Objects;

/** A trained network on a device, for one thread at a time. Keeps its buffers between batches. */
public final class Predictor implements AutoCloseable {
  private static final float[] NO_LABELS = {};

  private final ParameterSet parameters;
  private final TaskStep step;

  /**
   * Puts a network on a device.
   *
   * @param values flat parameters of every group
   * @param device that of the thread that uses it
   */
  public Predictor(Network network, Map<ParameterGroup, float[]> values, Device device) {
    parameters = network.zeros(device);
    for (ParameterGroup group : ParameterGroup.values()) {
      parameters.get(group).assign(Objects.requireNonNull(values.get(group)));
    }
    step = new TaskStep(network, parameters);
  }

  /**
   * Predictions of a batch, {@code [samples, predictionLength]} row-major: logits, or fields in the
   * units of the labels.
   *
   * @param features {@code [samples, featureLength]} row-major
   */
  public float[] predict(float[] features, int samples) {
    return step.logits(new SampleBlock(new long[samples], features, NO_LABELS), parameters);
  }

  @Override
  public void close() {
    step.close();
    parameters.close();
  }
}
