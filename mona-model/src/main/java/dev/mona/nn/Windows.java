package dev.mona.nn;

import dev.mona.autodiff.Variable;
import java.util.Arrays;

/**
 * Tokens of a batch of maps cut into windows, padded at the bottom and right where the map is no
 * multiple of the window. Maps have their tokens row by row. Inside a window the tokens come in
 * groups of {@code group * group} that are neighbours on the map, so that pooling over a group is
 * pooling over consecutive rows; attention does not mind the order.
 */
public final class Windows {
  private final int tokens;
  private final int count;
  private final int[] into;
  private final int[] back;

  /**
   * Lists where every token goes.
   *
   * @param batch maps
   * @param height tokens of a map's side
   * @param width tokens of a map's other side
   * @param windowHeight tokens of a window's side, a multiple of {@code group}
   * @param windowWidth tokens of a window's other side, a multiple of {@code group}
   * @param group side of a group; 1 for none
   */
  public Windows(int batch, int height, int width, int windowHeight, int windowWidth, int group) {
    if (windowHeight % group != 0 || windowWidth % group != 0) {
      throw new IllegalArgumentException(
          "windows of %d x %d do not divide into groups of %d x %d"
              .formatted(windowHeight, windowWidth, group, group));
    }
    int down = (height + windowHeight - 1) / windowHeight;
    int across = (width + windowWidth - 1) / windowWidth;
    tokens = windowHeight * windowWidth;
    count = batch * down * across;
    into = new int[count * tokens];
    int pooledHeight = height / group;
    int pooledWidth = width / group;
    back = new int[batch * pooledHeight * pooledWidth];
    int at = 0;
    for (int b = 0; b < batch; b++) {
      for (int window = 0; window < down * across; window++) {
        int top = window / across * windowHeight;
        int left = window % across * windowWidth;
        for (int place = 0; place < tokens; place++, at++) {
          int inGroup = place % (group * group);
          int groups = place / (group * group);
          int y = top + groups / (windowWidth / group) * group + inGroup / group;
          int x = left + groups % (windowWidth / group) * group + inGroup % group;
          boolean inside = y < height && x < width;
          into[at] = inside ? (b * height + y) * width + x : -1;
          if (inside && inGroup == 0 && y / group < pooledHeight && x / group < pooledWidth) {
            back[(b * pooledHeight + y / group) * pooledWidth + x / group] = at / (group * group);
          }
        }
      }
    }
  }

  /** Tokens of one window, padding included. */
  public int tokens() {
    return tokens;
  }

  /** {@code [batch * height * width, W]} to {@code [windows * tokens, W]}, zeros for padding. */
  public Variable partition(Variable map) {
    return trivial(into, map) ? map : map.gatherRows(into);
  }

  /**
   * Back to maps, padding left out: {@code [windows * tokens / group^2, W]} to {@code [batch *
   * height/group * width/group, W]}.
   */
  public Variable merge(Variable windows) {
    return trivial(back, windows) ? windows : windows.gatherRows(back);
  }

  private static boolean trivial(int[] rows, Variable of) {
    if (rows.length != of.shape()[0]) {
      return false;
    }
    int[] identity = new int[rows.length];
    Arrays.setAll(identity, i -> i);
    return Arrays.equals(rows, identity);
  }
}
