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
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Swin (Liu et al., ICCV 2021) behind its patch embedding, with Hugging Face's names. Every stage
 * but the last ends by halving the map and doubling the width.
 *
 * @param inputWidth width of the first stage
 * @param depths blocks of each stage
 * @param heads attention heads of each stage
 * @param window side of a window in tokens
 * @param epsilon of every layer norm
 */
public record SwinTransformer(
    int inputWidth, List<Integer> depths, List<Integer> heads, int window, double epsilon)
    implements Backbone {
  public SwinTransformer {
    depths = List.copyOf(depths);
    heads = List.copyOf(heads);
    Limits.requireStages(inputWidth, depths, heads, "heads");
    Limits.require(window, 2, 64, "window");
    Limits.requireEpsilon(epsilon);
    for (int stage = 0; stage < depths.size(); stage++) {
      Limits.require(heads.get(stage), 1, 1024, "number of heads of stage " + (stage + 1));
      Limits.requireMultiple(inputWidth << stage, heads.get(stage));
    }
  }

  public int stages() {
    return depths.size();
  }

  /** Width of a token in a stage, counted from 0. */
  public int width(int stage) {
    return inputWidth << stage;
  }

  private String stage(int stage) {
    return "encoder.layers." + stage;
  }

  private SwinBlock block(int stage, int i) {
    return new SwinBlock(
        stage(stage) + ".blocks." + i, width(stage), heads.get(stage), window, epsilon);
  }

  private PatchMerging merging(int stage) {
    return new PatchMerging(stage(stage) + ".downsample", width(stage), epsilon);
  }

  private LayerNorm norm() {
    int last = stages() - 1;
    return new LayerNorm("layernorm", width(last), epsilon);
  }

  @Override
  public int width() {
    return width(stages() - 1);
  }

  /** The parameters of all stages and the last layer norm. */
  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    for (int stage = 0; stage < stages(); stage++) {
      for (int i = 0; i < depths.get(stage); i++) {
        block(stage, i).declare(layout.nextLayer());
      }
      if (stage < stages() - 1) {
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
    for (int stage = 0; stage < stages(); stage++) {
      if (Math.min(rows, columns) < window) {
        throw MonaException.configuration(
            String.format(
                Locale.ROOT,
                "the map of stage %d is %d x %d tokens, smaller than the window of %d: take larger images",
                stage + 1,
                rows,
                columns,
                window),
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
    int side = window;
    requireMap(rows, columns);
    for (int stage = 0; stage < stages(); stage++) {
      // a map of one window's size is not shifted
      int shift = Math.min(rows, columns) == side ? 0 : side / 2;
      Windows plain = Windows.shifted(batch, rows, columns, side, 0);
      Windows shifted = Windows.shifted(batch, rows, columns, side, shift);
      for (int i = 0; i < depths.get(stage); i++) {
        Windows windows = i % 2 == 0 ? plain : shifted;
        x = block(stage, i).apply(tape, parameters, x, windows, dropout);
      }
      if (stage < stages() - 1) {
        x = merging(stage).apply(parameters, x, batch, rows, columns);
        rows = PatchMerging.half(rows);
        columns = PatchMerging.half(columns);
      }
    }
    return new Tokens(norm().apply(parameters, x), batch, rows, columns);
  }
}
