package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.PatchMerging;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.SwinConfig;

/** Swin (Liu et al., ICCV 2021) behind its patch embedding, with Hugging Face's names. */
public record SwinTransformer(SwinConfig config) {

  private String stage(int stage) {
    return "encoder.layers." + stage;
  }

  private SwinBlock block(int stage, int i) {
    return new SwinBlock(
        stage(stage) + ".blocks." + i,
        config.width(stage),
        config.heads().get(stage),
        config.window(),
        config.layerNormEpsilon());
  }

  private PatchMerging merging(int stage) {
    return new PatchMerging(
        stage(stage) + ".downsample", config.width(stage), config.layerNormEpsilon());
  }

  private LayerNorm norm() {
    int last = config.stages() - 1;
    return new LayerNorm("layernorm", config.width(last), config.layerNormEpsilon());
  }

  /** The parameters of all stages and the last layer norm. */
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    for (int stage = 0; stage < config.stages(); stage++) {
      for (int i = 0; i < config.depths().get(stage); i++) {
        block(stage, i).declare(layout);
      }
      if (stage < config.stages() - 1) {
        merging(stage).declare(layout);
      }
    }
    norm().declare(layout);
    return layout.build();
  }

  /**
   * Records the encoder.
   *
   * @param tokens {@code [batch * height * width, W]}, maps row by row
   * @param batch maps
   * @param height tokens of a map's side; the map of no stage may be smaller than a window
   * @param width tokens of a map's other side, likewise
   * @return {@code [batch * h * w, W 2^(stages - 1)]}; the map is halved, rounded up, after every
   *     stage but the last
   */
  public Variable encode(
      Tape tape, Leaves parameters, Variable tokens, int batch, int height, int width) {
    Variable x = tokens;
    int rows = height;
    int columns = width;
    int side = config.window();
    for (int stage = 0; stage < config.stages(); stage++) {
      if (Math.min(rows, columns) < side) {
        throw new IllegalArgumentException(
            "the map of stage %d is %d x %d tokens, smaller than the window of %d"
                .formatted(stage + 1, rows, columns, side));
      }
      // a map of one window's size is not shifted
      int shift = Math.min(rows, columns) == side ? 0 : side / 2;
      Windows plain = Windows.shifted(batch, rows, columns, side, 0);
      Windows shifted = Windows.shifted(batch, rows, columns, side, shift);
      for (int i = 0; i < config.depths().get(stage); i++) {
        x = block(stage, i).apply(tape, parameters, x, i % 2 == 0 ? plain : shifted);
      }
      if (stage < config.stages() - 1) {
        x = merging(stage).apply(parameters, x, batch, rows, columns);
        rows = PatchMerging.half(rows);
        columns = PatchMerging.half(columns);
      }
    }
    return norm().apply(parameters, x);
  }
}
