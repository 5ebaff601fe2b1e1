package dev.mona.benchmark;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.InnerProduct;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Forward and backward pass of an encoder alone: fixed tokens, fixed upstream gradient. */
final class EncoderStep implements AutoCloseable {
  private final Backbone encoder;
  private final Parameters parameters;
  private final Parameters gradient;
  private final Tape tape = new Tape(DataType.FLOAT);
  private final int batch;
  private final int height;
  private final int width;
  private final INDArray tokens;
  private final INDArray tokenGradient;
  private final INDArray upstream;

  /**
   * @param batch samples
   * @param height rows of each sample's map of tokens, 1 for series
   * @param width columns of the map
   */
  EncoderStep(Backbone encoder, int batch, int height, int width) {
    this.encoder = encoder;
    this.batch = batch;
    this.height = height;
    this.width = width;
    parameters = Parameters.zeros(encoder.layout(), DataType.FLOAT);
    initialize(parameters);
    gradient = parameters.zerosLike();
    tokens = normal("tokens", (long) batch * height * width, encoder.inputWidth());
    tokenGradient = Nd4j.zeros(DataType.FLOAT, tokens.shape());
    Variable out = encode(Leaves.of(tape, parameters), tape.leaf(tokens));
    upstream = normal("upstream", out.value().shape());
  }

  /** Gives every parameter the {@link SeededValues} of its name. */
  static void initialize(Parameters weights) {
    for (ParameterLayout.Entry entry : weights.layout().entries()) {
      float[] values = SeededValues.weight(entry.name(), entry.shape());
      weights.view(entry.name()).assign(Nd4j.createFromArray(values).reshape('c', entry.shape()));
    }
  }

  private static INDArray normal(String name, long... shape) {
    return Nd4j.createFromArray(SeededValues.normal(name, 1, shape)).reshape('c', shape);
  }

  private Variable encode(Leaves theta, Variable x) {
    return encoder.encode(tape, theta, new Tokens(x, batch, height, width), null).values();
  }

  /** Runs one step; returns the norm of the tokens' gradient. */
  double run() {
    tape.reset();
    gradient.vector().assign(0);
    tokenGradient.assign(0);
    Leaves theta = Leaves.of(tape, parameters);
    Variable x = tape.leaf(tokens);
    Variable product = encode(theta, x).multiply(tape.leaf(upstream)).sum();
    Map<Variable, INDArray> wrt = new HashMap<>();
    theta.collect(gradient, wrt);
    wrt.put(x, tokenGradient);
    tape.backward(product, 1, wrt);
    return InnerProduct.norm(tokenGradient);
  }

  @Override
  public void close() {
    tape.close();
  }
}
