package dev.mona.dl4j;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.network.Network;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Small networks of both kinds with random parameters and samples. */
final class Examples {
  static final int CHANNELS = 2;
  static final int LENGTH = 12;
  static final int OUTPUTS = 3;

  private Examples() {}

  static Network network(TaskKind kind) {
    double positiveWeight = kind == TaskKind.MULTI_LABEL ? 4 : 1;
    return Network.of(
        new TaskSpec(
            "example",
            SampleShape.series(CHANNELS, LENGTH),
            new Prediction(
                kind,
                OUTPUTS,
                List.of("a", "b", "c"),
                kind == TaskKind.DENSE ? SCALE : TargetScale.none(OUTPUTS)),
            new LossOptions(Loss.of(kind), positiveWeight, 0)),
        new EmbedderOptions(3, LENGTH, EmbedderOptions.Init.RANDOM),
        new Bert(
            Bert.Variant.ROBERTA,
            new TransformerShape(6, 2, 3, 14, 1e-5),
            new TextTables(11, 9, 1, 2)));
  }

  /** What the predictions of the dense example are scaled by. */
  private static final TargetScale SCALE =
      new TargetScale(List.of(0.5, -1.0, 0.0), List.of(2.0, 0.25, 1.5));

  static ParameterSet parameters(Network network, DataType type, long seed) {
    Random random = new Random(seed);
    ParameterSet parameters = network.zeros(GraphDevice.of(type));
    for (ParameterGroup group : ParameterGroup.values()) {
      float[] values = new float[Math.toIntExact(parameters.get(group).length())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.4 * random.nextGaussian());
      }
      parameters.get(group).assign(values);
    }
    return parameters;
  }

  static SampleBlock samples(Network network, int n, long seed) {
    Random random = new Random(seed);
    float[] features = new float[n * network.task().featureLength()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    int bound = network.task().kind() == TaskKind.CLASSIFICATION ? OUTPUTS : 2;
    float[] labels = new float[n * network.task().labelLength()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(bound);
    }
    return new SampleBlock(LongStream.range(0, n).toArray(), features, labels);
  }

  /** The samples as DL4J wants them: {@code [n, C * L]} and one-hot labels, 0/1 or fields. */
  static DataSet dataSet(Network network, SampleBlock samples, DataType type) {
    int n = samples.size();
    float[] labels = samples.labels();
    if (network.task().kind() == TaskKind.CLASSIFICATION) {
      labels = new float[n * OUTPUTS];
      for (int i = 0; i < n; i++) {
        labels[i * OUTPUTS + (int) samples.labels()[i]] = 1;
      }
    }
    return new DataSet(
        Nd4j.createFromArray(samples.features()).reshape('c', n, CHANNELS * LENGTH).castTo(type),
        Nd4j.createFromArray(labels)
            .reshape('c', n, network.task().predictionLength())
            .castTo(type));
  }
}
