package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import org.jspecify.annotations.Nullable;

/**
 * Square windows over a batch of maps that are first rolled up and left by a shift (Liu et al.
 * 2021, section 3.2). Maps have their tokens row by row and are padded at the bottom and right
 * where they are no multiple of the window. A window that the roll put together from distant parts
 * has its attention masked to the parts.
 */
public final class ShiftedWindows {
  /** Added to the scores of tokens that are not neighbours on the map. */
  private static final float HIDDEN = -100;

  private final int batch;
  private final int side;
  private final int shift;
  private final int perMap;
  private final int[] into;
  private final int[] back;

  /** Region of the rolled map that each token of the windows of one map lies in. */
  private final int[] regions;

  /**
   * Lists where every token goes.
   *
   * @param batch maps
   * @param height tokens of a map's side
   * @param width tokens of a map's other side
   * @param side tokens of a window's side
   * @param shift tokens of the roll, 0 for none
   */
  public ShiftedWindows(int batch, int height, int width, int side, int shift) {
    this.batch = batch;
    this.side = side;
    this.shift = shift;
    int down = (height + side - 1) / side;
    int across = (width + side - 1) / side;
    perMap = down * across;
    into = new int[batch * perMap * side * side];
    back = new int[batch * height * width];
    regions = new int[perMap * side * side];
    int at = 0;
    for (int b = 0; b < batch; b++) {
      for (int token = 0; token < regions.length; token++, at++) {
        int window = token / (side * side);
        int place = token % (side * side);
        int rolledY = window / across * side + place / side;
        int rolledX = window % across * side + place % side;
        int y = (rolledY + shift) % (down * side);
        int x = (rolledX + shift) % (across * side);
        regions[token] = 3 * region(rolledY, down * side) + region(rolledX, across * side);
        boolean inside = y < height && x < width;
        into[at] = inside ? (b * height + y) * width + x : -1;
        if (inside) {
          back[into[at]] = at;
        }
      }
    }
  }

  private int region(int position, int size) {
    if (position < size - side) {
      return 0;
    }
    return position < size - shift ? 1 : 2;
  }

  /** Tokens of one window, padding included. */
  public int tokens() {
    return side * side;
  }

  /** {@code [batch * height * width, W]} to {@code [windows * tokens, W]}, zeros for padding. */
  public Variable partition(Variable map) {
    return map.gatherRows(into);
  }

  /** Back to maps, padding left out. */
  public Variable merge(Variable windows) {
    return windows.gatherRows(back);
  }

  /** Adds the mask to scores {@code [windows, heads, tokens, tokens]}; none without a shift. */
  public Variable mask(Tape tape, Variable scores) {
    float[] mask = values();
    if (mask == null) {
      return scores;
    }
    int heads = (int) scores.shape()[1];
    float[] ofHeads = new float[mask.length * heads];
    int each = tokens() * tokens();
    for (int i = 0; i < perMap * heads; i++) {
      System.arraycopy(mask, i / heads * each, ofHeads, i * each, each);
    }
    Variable constant = tape.constant(ofHeads, perMap, heads, tokens(), tokens());
    return scores
        .reshape(batch, perMap, heads, tokens(), tokens())
        .add(constant)
        .reshape(scores.shape());
  }

  /** {@code [windows of a map, tokens, tokens]}. */
  private float @Nullable [] values() {
    if (shift == 0) {
      return null;
    }
    int n = tokens();
    float[] mask = new float[perMap * n * n];
    for (int window = 0; window < perMap; window++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          boolean apart = regions[window * n + i] != regions[window * n + j];
          mask[(window * n + i) * n + j] = apart ? HIDDEN : 0;
        }
      }
    }
    return mask;
  }
}
