package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.HieraConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hiera (Ryali et al., ICML 2023) behind its patch embedding, with the names of SAM 2's trunk.
 *
 * @param config its shape
 * @param window what a window does where the map is smaller
 */
public record HieraTransformer(HieraConfig config, Window window) implements Backbone {

  /** What a window does where the map is smaller. */
  public enum Window {
    /** The map is padded to it: the function that was pretrained. */
    PADDED,
    /** It shrinks to the map: about 12 times less work for images of 64 x 64. */
    CAPPED
  }

  private List<List<HieraBlock>> stages() {
    List<List<HieraBlock>> stages = new ArrayList<>();
    int number = 0;
    for (int stage = 0; stage < config.stages(); stage++) {
      List<HieraBlock> blocks = new ArrayList<>();
      for (int i = 0; i < config.depths().get(stage); i++) {
        boolean pools = stage > 0 && i == 0;
        blocks.add(
            new HieraBlock(
                "blocks." + number++,
                config.width(pools ? stage - 1 : stage),
                config.width(stage),
                config.heads() << stage,
                pools,
                config.layerNormEpsilon()));
      }
      stages.add(blocks);
    }
    return stages;
  }

  @Override
  public int inputWidth() {
    return config.width(0);
  }

  @Override
  public int width() {
    return config.width(config.stages() - 1);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    stages().forEach(blocks -> blocks.forEach(block -> block.declare(layout)));
    return layout.build();
  }

  /** The output of the last stage. */
  @Override
  public Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout) {
    List<Tokens> stages = encodeStages(parameters, tokens, dropout);
    return stages.get(stages.size() - 1);
  }

  /**
   * Records the encoder.
   *
   * @param tokens sides of the map are multiples of 2 for each stage after the first
   * @return the output of each stage {@code s}, of width {@code W 2^s} on a map of {@code height /
   *     2^s x width / 2^s}
   */
  public List<Tokens> encodeStages(Leaves parameters, Tokens tokens, Dropout dropout) {
    requireHalves(tokens.height(), tokens.width());
    List<Tokens> outputs = new ArrayList<>();
    Variable x = tokens.values();
    int batch = tokens.batch();
    int number = 0;
    int rows = tokens.height();
    int columns = tokens.width();
    int side = config.windows().get(0);
    for (List<HieraBlock> blocks : stages()) {
      for (HieraBlock block : blocks) {
        boolean global = config.globalBlocks().contains(number++);
        Windows windows = windows(batch, rows, columns, global ? 0 : side, block);
        x = block.apply(parameters, x, windows, dropout);
        rows /= block.group();
        columns /= block.group();
        side = config.windows().get(outputs.size());
      }
      outputs.add(new Tokens(x, batch, rows, columns));
    }
    return outputs;
  }

  private void requireHalves(int height, int width) {
    int least = 1 << (config.stages() - 1);
    if (height % least != 0 || width % least != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a map of %d x %d tokens cannot be halved %d times",
              height,
              width,
              config.stages() - 1));
    }
  }

  /** Windows of a side, 0 for the whole map. */
  private Windows windows(int batch, int rows, int columns, int side, HieraBlock block) {
    boolean capped = window == Window.CAPPED;
    int high = side == 0 || (capped && side > rows) ? rows : side;
    int wide = side == 0 || (capped && side > columns) ? columns : side;
    return Windows.of(batch, rows, columns, high, wide, block.group());
  }
}
