package dev.mona.head;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.AdaptivePooling;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Linear;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;

/**
 * Values at every point of an image (ORCA, Shen et al., ICML 2023, on the decoder of SimMIM): layer
 * norm, a linear map of each token to a square of 32 x 32 pixels and 3 channels, adaptive average
 * pooling of the channels and then of the grid.
 *
 * <p>The norm stands here because not every encoder ends in one. The channels are pooled in the
 * linear map's parameters, which is the same and a third of the work for one output; the grid is
 * pooled along one axis after the other.
 *
 * @param width W
 * @param outputs values at a point
 * @param height rows of the predicted grid
 * @param columns columns of the predicted grid
 * @param epsilon of the layer norm
 */
public record DenseGridHead(int width, int outputs, int height, int columns, double epsilon)
    implements Head {
  static final String NORM = "LayerNorm";

  /** Initial values: uniform within 1/sqrt(W), bias 0. */
  static final String DECODER = "decoder";

  private static final int CHANNELS = 3;
  private static final int SIDE = 32;
  private static final int SQUARE = SIDE * SIDE;

  private LayerNorm norm() {
    return new LayerNorm(NORM, width, epsilon);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    norm().declare(layout);
    new Linear(DECODER, width, CHANNELS * SQUARE).declare(layout);
    return layout.build();
  }

  @Override
  public Variable apply(Tape tape, Leaves parameters, Tokens encoded) {
    Tokens tokens = encoded.onMap();
    Variable channels = new AdaptivePooling(CHANNELS, outputs).matrix(tape);
    Variable weight = overChannels(channels, parameters.get(DECODER + ".weight"));
    Variable bias = overChannels(channels, parameters.get(DECODER + ".bias"));
    Variable squares =
        norm()
            .apply(parameters, tokens.values())
            .linear(weight.reshape(squareLength(), width), bias.reshape(squareLength()));
    return pool(tape, squares, tokens);
  }

  private long squareLength() {
    return (long) outputs * SQUARE;
  }

  /** {@code [3 * n, ..]} to {@code [outputs, n * ..]}. */
  private static Variable overChannels(Variable channels, Variable parameter) {
    long each = parameter.value().length() / CHANNELS;
    return channels.matmul(parameter.reshape(CHANNELS, each), false, false);
  }

  /** {@code [batch * tokens, outputs * 32 * 32]} to {@code [batch, outputs * height * columns]}. */
  private Variable pool(Tape tape, Variable squares, Tokens tokens) {
    int batch = tokens.batch();
    int pixelsDown = tokens.height() * SIDE;
    int pixelsAcross = tokens.width() * SIDE;
    long fields = (long) batch * outputs;
    // to [batch, outputs, x, y], y the faster one, as it is pooled first
    Variable transposed =
        squares
            .reshape(batch, tokens.height(), tokens.width(), outputs, SIDE, SIDE)
            .permute(0, 3, 2, 5, 1, 4)
            .reshape(fields * pixelsAcross, pixelsDown);
    Variable rows =
        new AdaptivePooling(pixelsDown, height)
            .apply(tape, transposed)
            .reshape(fields, pixelsAcross, height)
            .permute(0, 2, 1)
            .reshape(fields * height, pixelsAcross);
    return new AdaptivePooling(pixelsAcross, columns)
        .apply(tape, rows)
        .reshape(batch, (long) outputs * height * columns);
  }
}
