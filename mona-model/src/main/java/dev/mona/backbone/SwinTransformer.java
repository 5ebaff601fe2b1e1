package dev.mona.backbone;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.PatchMerging;
import dev.mona.nn.Tokens;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.SwinConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Swin (Liu et al., ICCV 2021) behind its patch embedding, with Hugging Face's names. */
public record SwinTransformer(SwinConfig config) implements Backbone {

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

  @Override
  public int inputWidth() {
    return config.width(0);
  }

  @Override
  public int width() {
    return config.width(config.stages() - 1);
  }

  /** The parameters of all stages and the last layer norm. */
  @Override
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
   * Refuses maps that are smaller than a window in some stage.
   *
   * @throws MonaException of the category {@code CONFIGURATION}
   */
  public void requireMap(int height, int width) {
    int rows = height;
    int columns = width;
    for (int stage = 0; stage < config.stages(); stage++) {
      if (Math.min(rows, columns) < config.window()) {
        throw MonaException.configuration(
            String.format(
                Locale.ROOT,
                "the map of stage %d is %d x %d tokens, smaller than the window of %d: take larger images",
                stage + 1,
                rows,
                columns,
                config.window()),
            Setting.IMAGE_SIZE);
      }
      rows = PatchMerging.half(rows);
      columns = PatchMerging.half(columns);
    }
  }

  /**
   * Records the encoder.
   *
   * @param tokens the map of no stage may be smaller than a window
   * @return of width {@code W 2^(stages - 1)}; the map is halved, rounded up, after every stage but
   *     the last
   */
  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    Variable x = tokens.values();
    int batch = tokens.batch();
    int rows = tokens.height();
    int columns = tokens.width();
    int side = config.window();
    requireMap(rows, columns);
    for (int stage = 0; stage < config.stages(); stage++) {
      // a map of one window's size is not shifted
      int shift = Math.min(rows, columns) == side ? 0 : side / 2;
      Windows plain = Windows.shifted(batch, rows, columns, side, 0);
      Windows shifted = Windows.shifted(batch, rows, columns, side, shift);
      for (int i = 0; i < config.depths().get(stage); i++) {
        Windows windows = i % 2 == 0 ? plain : shifted;
        x = block(stage, i).apply(tape, parameters, x, windows, dropout);
      }
      if (stage < config.stages() - 1) {
        x = merging(stage).apply(parameters, x, batch, rows, columns);
        rows = PatchMerging.half(rows);
        columns = PatchMerging.half(columns);
      }
    }
    return new Tokens(norm().apply(parameters, x), batch, rows, columns);
  }
}
