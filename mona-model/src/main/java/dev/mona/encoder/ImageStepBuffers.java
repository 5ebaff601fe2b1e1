package dev.mona.encoder;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Buffers of encoders of images, fitted to what steps of 14 to 16 encoders allocate (Hiera with
 * padded and capped windows and Swin, 64 to 224 pixels, widths 32 to 96). A block of width {@code
 * W} with {@code H} heads works on {@code n} tokens of the map and on {@code m} of its windows, the
 * map padded, of {@code w} tokens each; {@code n0} and {@code W0} are those of the first block:
 *
 * <pre>
 * step  = B (sum over blocks (18.8 n W +  6.7 m W +  3.3 m H w) + 15.7 n0 W0)
 * dropout = B (sum over blocks 4 n W + 2 n0 W0), exactly
 * outer = step
 * mixed = B (sum over blocks (46.9 n W + 13.4 m W +  8.1 m H w) + 44   n0 W0)
 * </pre>
 *
 * <p>The fit is within 10 %.
 *
 * @param width W0
 * @param blocks by the side of the first map, in tokens
 */
record ImageStepBuffers(int width, IntFunction<List<Block>> blocks) implements StepBuffers {

  /**
   * A block.
   *
   * @param side of the map of its windows, in tokens
   * @param window side of a window
   * @param width of a token after it
   * @param heads attention heads
   * @param pooled tokens that become one
   */
  record Block(int side, int window, int width, int heads, int pooled) {
    double mapValues() {
      return (double) side * side / pooled * width;
    }

    /** Tokens of its windows, the map padded. */
    private double padded() {
      return Math.pow((double) ((side + window - 1) / window * window), 2);
    }

    double windowValues() {
      return padded() * width;
    }

    double attention() {
      return padded() / pooled * heads * window * window;
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
    return floats(batch, tokens, 46.9, 13.4, 8.1, 44);
  }

  @Override
  public long outer(int batch, int from, int to) {
    return step(batch, to);
  }

  private long floats(
      int batch, int tokens, double map, double windows, double attention, double once) {
    int side = (int) Math.round(Math.sqrt(tokens));
    List<Block> work = blocks.apply(side);
    double image =
        map * work.stream().mapToDouble(Block::mapValues).sum()
            + windows * work.stream().mapToDouble(Block::windowValues).sum()
            + attention * work.stream().mapToDouble(Block::attention).sum()
            + once * tokens * width;
    return Math.round(batch * image);
  }
}
