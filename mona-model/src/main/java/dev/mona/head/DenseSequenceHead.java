package dev.mona.head;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.AdaptivePooling;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import java.util.Locale;

/**
 * Values at every point of a series: a gain and a bias for each of the W values of a token, then
 * adaptive average pooling of these to the {@code k = L / tokens} points that the token stands for,
 * of each output.
 *
 * <p>The head of ORCA (Shen et al., ICML 2023) is the pooling alone and cannot be trained. With the
 * initial gain 1 and bias 0 this one is the same for one output; a text encoder ends in a layer
 * norm, so there is none here. For several outputs ORCA lays the values of a sample out as {@code
 * [outputs, L]} in the order of the tokens; here every token predicts all outputs of its own
 * points.
 *
 * @param width W
 * @param outputs values at a point
 * @param length L, points of a series, a multiple of the number of tokens
 */
public record DenseSequenceHead(int width, int outputs, int length) implements Head {
  /** Initial values: gain 1, bias 0. */
  static final String GAIN = "affine.weight";

  static final String BIAS = "affine.bias";

  @Override
  public ParameterLayout layout() {
    return ParameterLayout.builder().add(GAIN, width).add(BIAS, width).build();
  }

  @Override
  public Variable apply(Tape tape, Leaves parameters, Tokens encoded) {
    Tokens tokens = encoded.onMap();
    if (length % tokens.size() != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d tokens cannot share %d points", tokens.size(), length));
    }
    int points = length / tokens.size();
    Variable scaled = tokens.values().affine(parameters.get(GAIN), parameters.get(BIAS));
    return new AdaptivePooling(width, Math.multiplyExact(outputs, points))
        .apply(tape, scaled)
        .reshape(tokens.batch(), tokens.size(), outputs, points)
        .permute(0, 2, 1, 3)
        .reshape(tokens.batch(), (long) outputs * length);
  }
}
