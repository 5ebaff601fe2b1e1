package dev.mona.dl4j;

import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.network.Network;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A network with its parameters as a DL4J {@link ComputationGraph}: input {@code features}, {@code
 * [n, values]} or in the shape of a sample; layer {@code network}, whose activations are the
 * predictions; output {@code probabilities}, {@code [n, values]}: softmax for classification, with
 * one-hot labels; sigmoid for many labels; a field as it is. The graph's score is the mean loss of
 * the task.
 */
public final class MonaGraph {
  static final String FEATURES = "features";
  static final String NETWORK = "network";
  static final String PROBABILITIES = "probabilities";

  /** For the least time that zip knows, 1980-01-01, Java would add a field with the time zone. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private static final int BUFFER_BYTES = 1 << 16;

  private MonaGraph() {}

  /** A float graph of flat parameters, for inference or plain SGD at rate 1e-3. */
  public static ComputationGraph build(Network network, Map<ParameterGroup, float[]> parameters) {
    try (ParameterSet set = network.zeros(GraphDevice.of(DataType.FLOAT))) {
      for (ParameterGroup group : ParameterGroup.values()) {
        float[] values = parameters.get(group);
        if (values == null) {
          throw new IllegalArgumentException("no values for group " + group);
        }
        set.get(group).assign(values);
      }
      return build(network, set, new Sgd(1e-3));
    }
  }

  /**
   * A graph with a copy of parameters of ND4J's engine, in their data type.
   *
   * @param updater the update rule of DL4J's {@code fit}
   */
  public static ComputationGraph build(Network network, ParameterSet parameters, IUpdater updater) {
    DataType type = Nd4jDevice.unwrap(parameters.encoder().vector()).dataType();
    ComputationGraph graph = new ComputationGraph(configuration(network, type, updater));
    graph.init();
    for (ParameterGroup group : ParameterGroup.values()) {
      // setParam of a DL4J layer may silently do nothing
      INDArray target = graph.getLayer(NETWORK).getParam(GroupParameters.key(group));
      target.assign(Nd4jDevice.unwrap(parameters.get(group).vector()));
    }
    return graph;
  }

  private static ComputationGraphConfiguration configuration(
      Network network, DataType type, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(0)
        .dataType(type)
        .updater(updater)
        .graphBuilder()
        .addInputs(FEATURES)
        .setInputTypes(InputType.feedForward(network.task().featureLength()))
        .addLayer(NETWORK, new NetworkLayer(NetworkShape.of(network)), FEATURES)
        .addLayer(PROBABILITIES, loss(network.task()), NETWORK)
        .setOutputs(PROBABILITIES)
        .build();
  }

  private static LossLayer loss(TaskSpec task) {
    LossLayer layer =
        switch (task.kind()) {
          case CLASSIFICATION ->
              new LossLayer.Builder(new LossMCXENT()).activation(Activation.SOFTMAX).build();
          case DENSE ->
              new LossLayer.Builder(FieldLoss.of(task.loss()))
                  .activation(Activation.IDENTITY)
                  .build();
          case MULTI_LABEL ->
              new LossLayer.Builder(new MultiLabelLoss(task.loss().positiveWeight()))
                  .activation(Activation.SIGMOID)
                  .build();
        };
    // its builder refuses sizes, and DL4J warns of an output of size 0
    layer.setNIn(task.predictionLength());
    layer.setNOut(task.predictionLength());
    return layer;
  }

  /**
   * Writes the zip that DL4J's {@link ModelSerializer#restoreComputationGraph} reads: configuration
   * and parameters, no updater state. Same graph, same bytes.
   *
   * @param out not closed
   */
  public static void write(ComputationGraph graph, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    // trained weights shrink by less than a tenth
    zip.setLevel(Deflater.NO_COMPRESSION);
    zip.putNextEntry(entry(ModelSerializer.CONFIGURATION_JSON));
    zip.write(graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    zip.putNextEntry(entry(ModelSerializer.COEFFICIENTS_BIN));
    DataOutputStream coefficients =
        new DataOutputStream(new BufferedOutputStream(zip, BUFFER_BYTES));
    Nd4j.write(graph.params(), coefficients);
    coefficients.flush();
    zip.closeEntry();
    zip.finish();
    zip.flush();
  }

  /** DL4J dates its entries with the current time. */
  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    return entry;
  }
}
