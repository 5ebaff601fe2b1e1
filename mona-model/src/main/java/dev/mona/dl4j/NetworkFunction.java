package dev.mona.dl4j;

import static java.util.stream.Collectors.joining;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.network.Network;
import dev.mona.nn.LeafSet;
import dev.mona.task.SampleShape;
import dev.mona.tensor.ParameterSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The running {@link NetworkLayer}. Its parameters and gradients are views of DL4J's flat vectors;
 * its passes are recorded on a tape of its own, outside DL4J's workspaces, whose buffers are kept
 * from pass to pass. Used by one thread at a time, as every DL4J layer.
 */
final class NetworkFunction extends BaseLayer<NetworkLayer> {

  /** A recorded forward pass. */
  private record Pass(LeafSet leaves, Variable logits) {}

  private final transient Network network;
  private final transient Tape tape;
  private transient @Nullable ParameterSet parameters;
  private transient @Nullable ParameterSet gradients;
  private transient @Nullable Pass pass;

  NetworkFunction(NeuralNetConfiguration configuration, DataType type, Network network) {
    super(configuration, type);
    this.network = network;
    this.tape = new Tape(GraphDevice.of(type));
  }

  @Override
  public void setParamTable(Map<String, INDArray> table) {
    super.setParamTable(table);
    parameters = GroupParameters.set(network, table);
    pass = null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray flat) {
    super.setBackpropGradientsViewArray(flat);
    gradients = GroupParameters.set(network, gradientViews);
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    super.setInput(input, workspaces);
    pass = null;
  }

  /** Logits {@code [n, outputs]}; a training pass is kept for the reverse pass. */
  @Override
  @SuppressWarnings("try")
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    Pass forward;
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      forward = forward();
    }
    pass = training ? forward : null;
    return workspaces.dup(ArrayType.ACTIVATIONS, Nd4jDevice.unwrap(forward.logits().value()), 'c');
  }

  /**
   * The vector-Jacobian product of the logits: the gradient of {@code sum(logits * epsilon)} with
   * {@code epsilon} held constant, written to DL4J's gradient vector.
   *
   * @param epsilon {@code [n, outputs]}
   * @return the gradients by parameter, and no epsilon for a layer below: there is none
   */
  @Override
  @SuppressWarnings("try")
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    ParameterSet target = gradients;
    if (target == null) {
      throw new IllegalStateException("no gradient vector was set");
    }
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      Pass forward = pass == null ? forward() : pass;
      pass = null;
      gradientsFlattened.assign(0);
      Variable product = forward.logits().multiply(GraphDevice.constant(tape, epsilon)).sum();
      Map<Variable, Array> wrt = new HashMap<>();
      forward.leaves().embedder().collect(target.embedder(), wrt);
      forward.leaves().encoder().collect(target.encoder(), wrt);
      forward.leaves().head().collect(target.head(), wrt);
      tape.backward(product, 1, wrt);
    }
    Gradient result = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(result::setGradientFor);
    return new Pair<>(result, null);
  }

  private Pass forward() {
    ParameterSet at = parameters;
    if (at == null) {
      throw new IllegalStateException("no parameters were set");
    }
    tape.reset();
    LeafSet leaves = LeafSet.of(tape, at);
    return new Pass(leaves, network.predict(tape, leaves, features()));
  }

  private float[] features() {
    long[] shape = input.shape();
    SampleShape sample = network.task().shape();
    long[] one = shape.length == 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length);
    long[] folded =
        sample.isSeries()
            ? new long[] {sample.channels(), sample.width()}
            : new long[] {sample.channels(), sample.height(), sample.width()};
    if (!Arrays.equals(one, new long[] {sample.length()}) && !Arrays.equals(one, folded)) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "features of shape %s do not fit task %s; give [n, %d] or [n, %s]",
              Arrays.toString(shape),
              network.task().name(),
              sample.length(),
              Arrays.stream(folded).mapToObj(String::valueOf).collect(joining(", "))));
    }
    try (INDArray host = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c')) {
      host.assign(input);
      return host.data().asFloat();
    }
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clear() {
    super.clear();
    pass = null;
  }

  @Override
  public void close() {
    pass = null;
    tape.close();
  }
}
