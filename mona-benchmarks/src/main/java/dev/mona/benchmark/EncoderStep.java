package dev.mona.benchmark;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;

/** Forward and backward pass of an encoder alone: fixed tokens, fixed upstream gradient. */
final class EncoderStep implements AutoCloseable {
  /** Names that the values of the inputs follow from. */
  static final String TOKENS = "tokens";

  static final String UPSTREAM = "upstream";

  private final Device device;
  private final Backbone encoder;
  private final Parameters parameters;
  private final Parameters gradient;
  private final Tape tape;
  private final int batch;
  private final int height;
  private final int width;
  private final Array tokens;
  private final Array tokenGradient;
  private final Array upstream;

  /**
   * @param batch samples
   * @param height rows of each sample's map of tokens, 1 for series
   * @param width columns of the map
   */
  EncoderStep(Device device, Backbone encoder, int batch, int height, int width) {
    this.device = device;
    this.encoder = encoder;
    this.batch = batch;
    this.height = height;
    this.width = width;
    tape = new Tape(device);
    parameters = Parameters.zeros(encoder.layout(), device);
    parameters.assign(SeededValues.weights(encoder.layout()));
    gradient = parameters.zerosLike();
    tokens = normal(TOKENS, (long) batch * height * width, encoder.inputWidth());
    tokenGradient = device.zeros(tokens.shape());
    Variable out = encode(Leaves.of(tape, parameters), tape.leaf(tokens));
    upstream = normal(UPSTREAM, out.shape());
  }

  private Array normal(String name, long... shape) {
    return device.of(SeededValues.normal(name, shape), shape);
  }

  private Variable encode(Leaves theta, Variable x) {
    return encoder.encode(tape, theta, new Tokens(x, batch, height, width), null).values();
  }

  /** Runs one step; returns the norm of the tokens' gradient. */
  double run() {
    tape.reset();
    gradient.clear();
    device.vectors().fill(tokenGradient, 0);
    Leaves theta = Leaves.of(tape, parameters);
    Variable x = tape.leaf(tokens);
    Variable product = encode(theta, x).multiply(tape.leaf(upstream)).sum();
    Map<Variable, Array> wrt = new HashMap<>();
    theta.collect(gradient, wrt);
    wrt.put(x, tokenGradient);
    tape.backward(product, 1, wrt);
    return Math.sqrt(device.vectors().dot(tokenGradient, tokenGradient).value());
  }

  @Override
  public void close() {
    tape.close();
    parameters.close();
    gradient.close();
    tokens.close();
    tokenGradient.close();
    upstream.close();
  }
}
