package dev.mona.dl4j;

import dev.mona.MonaException;
import dev.mona.network.Network;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * DL4J configuration of a layer that is a whole {@link Network}: samples {@code [n, values]} or in
 * their own shape to predictions {@code [n, values]}. It must be the first layer of a graph:
 * samples get no gradient. Updater, regularisation, gradient normalisation and constraints of DL4J
 * act on its three parameter vectors; dropout and weight noise are refused. Its class name and its
 * property {@code shape} are part of the format of stored graphs.
 */
public final class NetworkLayer extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  private final NetworkShape shape;
  private transient @Nullable Network network;

  @JsonCreator
  NetworkLayer(@JsonProperty(value = "shape", required = true) NetworkShape shape) {
    this.shape = shape;
    Network built = shape.network();
    network = built;
    setNIn(built.task().featureLength());
    setNOut(built.task().predictionLength());
    setActivationFn(new ActivationIdentity());
  }

  @JsonProperty("shape")
  NetworkShape shape() {
    return shape;
  }

  Network network() {
    Network built = network;
    if (built == null) {
      built = shape.network();
      network = built;
    }
    return built;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray flat,
      boolean initialize,
      DataType type) {
    if (getIDropout() != null || getWeightNoise() != null) {
      throw MonaException.configuration(
          "layer %s has dropout or weight noise, which the network does not know; remove them"
              .formatted(getLayerName()));
    }
    NetworkFunction function = new NetworkFunction(configuration, type, network());
    function.setListeners(listeners);
    function.setIndex(index);
    function.setParamsViewArray(flat);
    Map<String, INDArray> table = initializer().init(configuration, flat, initialize);
    function.setParamTable(table);
    return function;
  }

  @Override
  public ParamInitializer initializer() {
    return new GroupParameters(network());
  }

  /** Checks the size of the input; the layer's own is fixed. */
  @Override
  public void setNIn(InputType input, boolean override) {
    if (input.arrayElementsPerExample() != getNIn()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "the input %s has %d values a sample, the network of task %s takes %d; give it samples of %s",
              input,
              input.arrayElementsPerExample(),
              shape.task().name(),
              getNIn(),
              network().task().shape()));
    }
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(getNOut());
  }

  @Override
  public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  /** Counts parameters and updater state; the buffers of a pass are not known to DL4J. */
  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long n = initializer().numParams(this);
    return new LayerMemoryReport.Builder(
            getLayerName(), NetworkLayer.class, input, getOutputType(-1, input))
        .standardMemory(n, getIUpdater().stateSize(n))
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof NetworkLayer that && shape.equals(that.shape);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof NetworkLayer;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + shape.hashCode();
  }

  @Override
  public String toString() {
    return "NetworkLayer(" + shape + ")";
  }
}
