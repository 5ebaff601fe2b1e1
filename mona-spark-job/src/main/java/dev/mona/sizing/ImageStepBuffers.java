package dev.mona.sizing;

import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.weights.HieraConfig;
import dev.mona.weights.SwinConfig;

/**
 * Buffers of encoders of images, fitted to what steps of 14 encoders allocate (Hiera with padded
 * and capped windows and Swin, 64 to 224 pixels, widths 32 to 96). A block of width {@code W} with
 * {@code H} heads works on {@code n} tokens of the map and on {@code m} of its windows, the map
 * padded, of {@code w} tokens each; {@code n0} and {@code W0} are those of the first block:
 *
 * <pre>
 * step  = B (sum over blocks (18.8 n W +  6.7 m W +  3.3 m H w) + 15.7 n0 W0)
 * dropout = B (sum over blocks 4 n W + 2 n0 W0), exactly
 * outer = step
 * mixed = B (sum over blocks (74   n W + 22.1 m W + 14   m H w) + 43.3 n0 W0)
 * </pre>
 *
 * <p>The fit is within 10 %.
 *
 * @param backbone its shape
 */
record ImageStepBuffers(Backbone backbone) implements StepBuffers {

  /** Sums over the blocks for one image. */
  private static final class Work {
    private double mapValues;
    private double windowValues;
    private double attention;

    /**
     * Adds a block.
     *
     * @param side of the map of its windows, in tokens
     * @param window side of a window
     * @param pooled tokens that become one
     */
    void add(int side, int window, int width, int heads, int pooled) {
      double padded = Math.pow((double) ((side + window - 1) / window * window), 2);
      mapValues += (double) side * side / pooled * width;
      windowValues += padded * width;
      attention += padded / pooled * heads * window * window;
    }
  }

  @Override
  public long step(int batch, int tokens) {
    return floats(batch, tokens, 18.8, 6.7, 3.3, 15.7);
  }

  @Override
  public long dropout(int batch, int tokens) {
    return floats(batch, tokens, 4, 0, 0, 2);
  }

  @Override
  public long mixed(int batch, int tokens) {
    return floats(batch, tokens, 74, 22.1, 14, 43.3);
  }

  @Override
  public long outer(int batch, int from, int to) {
    return step(batch, to);
  }

  private long floats(
      int batch, int tokens, double map, double windows, double attention, double once) {
    int side = (int) Math.round(Math.sqrt(tokens));
    Work work =
        backbone instanceof SwinTransformer swin
            ? swin(swin.config(), side)
            : hiera((HieraTransformer) backbone, side);
    double image =
        map * work.mapValues
            + windows * work.windowValues
            + attention * work.attention
            + once * tokens * backbone.inputWidth();
    return Math.round(batch * image);
  }

  private static Work swin(SwinConfig config, int mapSide) {
    Work work = new Work();
    int side = mapSide;
    for (int stage = 0; stage < config.stages(); stage++) {
      for (int i = 0; i < config.depths().get(stage); i++) {
        work.add(side, config.window(), config.width(stage), config.heads().get(stage), 1);
      }
      side = (side + 1) / 2;
    }
    return work;
  }

  private static Work hiera(HieraTransformer hiera, int mapSide) {
    HieraConfig config = hiera.config();
    Work work = new Work();
    int side = mapSide;
    int window = config.windows().get(0);
    int block = 0;
    for (int stage = 0; stage < config.stages(); stage++) {
      for (int i = 0; i < config.depths().get(stage); i++) {
        boolean pools = stage > 0 && i == 0;
        boolean capped = hiera.window() == HieraTransformer.Window.CAPPED && window > side;
        boolean whole = config.globalBlocks().contains(block++) || capped;
        work.add(
            side,
            whole ? side : window,
            config.width(stage),
            config.heads() << stage,
            pools ? 4 : 1);
        side = pools ? side / 2 : side;
        window = config.windows().get(stage);
      }
    }
    return work;
  }
}
