package dev.mona.backbone;

import dev.mona.autodiff.Variable;
import dev.mona.nn.Leaves;
import dev.mona.nn.Windows;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.HieraConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Hiera (Ryali et al., ICML 2023) behind its patch embedding, with the names of SAM 2's trunk.
 *
 * @param config its shape
 * @param window what a window does where the map is smaller
 */
public record HieraTransformer(HieraConfig config, Window window) {

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

  /** The parameters of all blocks, with the names of the checkpoint. */
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    stages().forEach(blocks -> blocks.forEach(block -> block.declare(layout)));
    return layout.build();
  }

  /**
   * Records the encoder.
   *
   * @param tokens {@code [batch * height * width, W]}, maps row by row
   * @param batch maps
   * @param height tokens of a map's side, a multiple of 2 for each stage after the first
   * @param width tokens of a map's other side, likewise
   * @return the output of each stage {@code s}: {@code [batch * height/2^s * width/2^s, W 2^s]}
   */
  public List<Variable> encode(
      Leaves parameters, Variable tokens, int batch, int height, int width) {
    int least = 1 << (config.stages() - 1);
    if (height % least != 0 || width % least != 0) {
      throw new IllegalArgumentException(
          "a map of %d x %d tokens cannot be halved %d times"
              .formatted(height, width, config.stages() - 1));
    }
    List<Variable> outputs = new ArrayList<>();
    Variable x = tokens;
    int number = 0;
    int rows = height;
    int columns = width;
    int side = config.windows().get(0);
    for (List<HieraBlock> blocks : stages()) {
      for (HieraBlock block : blocks) {
        boolean global = config.globalBlocks().contains(number++);
        x = block.apply(parameters, x, windows(batch, rows, columns, global ? 0 : side, block));
        rows /= block.group();
        columns /= block.group();
        side = config.windows().get(outputs.size());
      }
      outputs.add(x);
    }
    return outputs;
  }

  /** Windows of a side, 0 for the whole map. */
  private Windows windows(int batch, int rows, int columns, int side, HieraBlock block) {
    boolean capped = window == Window.CAPPED;
    int high = side == 0 || (capped && side > rows) ? rows : side;
    int wide = side == 0 || (capped && side > columns) ? columns : side;
    return Windows.of(batch, rows, columns, high, wide, block.group());
  }
}
