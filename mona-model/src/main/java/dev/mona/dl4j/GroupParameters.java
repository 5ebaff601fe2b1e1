package dev.mona.dl4j;

import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.network.Network;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * DL4J's view of the parameters: one flat vector per {@link ParameterGroup}, in that order, named
 * {@code embedder}, {@code encoder} and {@code head}. DL4J counts all as weights. Nothing is drawn
 * at random: a fresh layer holds zeros, the values come from training.
 */
final class GroupParameters implements ParamInitializer {
  private static final List<String> KEYS =
      Arrays.stream(ParameterGroup.values()).map(GroupParameters::key).toList();

  private final Network network;

  GroupParameters(Network network) {
    this.network = network;
  }

  static String key(ParameterGroup group) {
    return group.name().toLowerCase(Locale.ROOT);
  }

  /** The slices of a flat vector in the model's own form; no copy. */
  static ParameterSet set(Network network, Map<String, INDArray> slices) {
    return new ParameterSet(
        parameters(network, slices, ParameterGroup.EMBEDDER),
        parameters(network, slices, ParameterGroup.ENCODER),
        parameters(network, slices, ParameterGroup.HEAD));
  }

  private static Parameters parameters(
      Network network, Map<String, INDArray> slices, ParameterGroup group) {
    INDArray slice = slices.get(key(group));
    if (slice == null) {
      throw new IllegalArgumentException("no parameter " + key(group) + " in " + slices.keySet());
    }
    Nd4jDevice device = GraphDevice.of(slice.dataType());
    return Parameters.over(network.layout(group), device.wrap(slice));
  }

  private Map<String, INDArray> slices(INDArray flat) {
    INDArray vector = flat.reshape(flat.length());
    Map<String, INDArray> slices = new LinkedHashMap<>();
    long at = 0;
    for (ParameterGroup group : ParameterGroup.values()) {
      long end = at + network.layout(group).length();
      slices.put(key(group), vector.get(NDArrayIndex.interval(at, end)));
      at = end;
    }
    return slices;
  }

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    long n = 0;
    for (ParameterGroup group : ParameterGroup.values()) {
      n = Math.addExact(n, network.layout(group).length());
    }
    return n;
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return KEYS;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return KEYS;
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return KEYS.contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return false;
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray flat, boolean initialize) {
    if (initialize) {
      flat.assign(0);
    }
    KEYS.forEach(configuration::addVariable);
    return slices(flat);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray flat) {
    return slices(flat);
  }
}
