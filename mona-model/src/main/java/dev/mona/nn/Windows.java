package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import java.util.Locale;

/**
 * Tokens of a batch of maps cut into windows, padded at the bottom and right where the map is no
 * multiple of the window. Maps have their tokens row by row.
 *
 * <p>The map may first be rolled up and left by a shift (Liu et al. 2021, section 3.2); a window
 * that the roll put together from distant parts has its attention {@linkplain #mask masked} to the
 * parts. Inside a window the tokens come in groups of {@code group * group} that are neighbours on
 * the map, so that pooling over a group is pooling over consecutive rows; attention does not mind
 * the order.
 */
public final class Windows {
  /** Added to the scores of tokens that are not neighbours on the map. */
  private static final float HIDDEN = -100;

  private static final ShapeCache<Cut, Windows> KNOWN = new ShapeCache<>(Windows::new);

  /** The maps, in tokens. */
  private record Maps(int batch, int height, int width) {}

  /** A window, in tokens. */
  private record Window(int height, int width, int group) {
    Window {
      if (height % group != 0 || width % group != 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "windows of %d x %d do not divide into groups of %d x %d",
                height,
                width,
                group,
                group));
      }
    }

    int tokens() {
      return height * width;
    }
  }

  /** What the windows follow from. */
  private record Cut(Maps maps, Window window, int shift) {
    int down() {
      return (maps.height() + window.height() - 1) / window.height();
    }

    int across() {
      return (maps.width() + window.width() - 1) / window.width();
    }
  }

  private final Cut cut;
  private final RowIndex into;
  private final RowIndex back;

  /** By number of heads. */
  private final ShapeCache<Integer, float[]> masks = new ShapeCache<>(this::maskOf);

  private Windows(Cut cut) {
    this.cut = cut;
    Maps maps = cut.maps();
    int group = cut.window().group();
    int pooledHeight = maps.height() / group;
    int pooledWidth = maps.width() / group;
    int[] rows = new int[maps.batch() * cut.down() * cut.across() * tokens()];
    int[] places = new int[maps.batch() * pooledHeight * pooledWidth];
    int at = 0;
    for (int b = 0; b < maps.batch(); b++) {
      for (int window = 0; window < cut.down() * cut.across(); window++) {
        for (int place = 0; place < tokens(); place++, at++) {
          int y = (rolledY(window, place) + cut.shift()) % (cut.down() * cut.window().height());
          int x = (rolledX(window, place) + cut.shift()) % (cut.across() * cut.window().width());
          boolean inside = y < maps.height() && x < maps.width();
          rows[at] = inside ? (b * maps.height() + y) * maps.width() + x : RowIndex.ZERO;
          boolean first = place % (group * group) == 0;
          if (inside && first && y / group < pooledHeight && x / group < pooledWidth) {
            places[(b * pooledHeight + y / group) * pooledWidth + x / group] = at / (group * group);
          }
        }
      }
    }
    into = new RowIndex(rows);
    back = new RowIndex(places);
  }

  /**
   * Windows that may hold groups.
   *
   * @param batch maps
   * @param height tokens of a map's side
   * @param width tokens of a map's other side
   * @param windowHeight tokens of a window's side, a multiple of {@code group}
   * @param windowWidth tokens of a window's other side, a multiple of {@code group}
   * @param group side of a group; 1 for none
   */
  public static Windows of(
      int batch, int height, int width, int windowHeight, int windowWidth, int group) {
    return KNOWN.get(
        new Cut(new Maps(batch, height, width), new Window(windowHeight, windowWidth, group), 0));
  }

  /**
   * Square windows of a map that is rolled.
   *
   * @param side tokens of a window's side
   * @param shift tokens of the roll, 0 for none
   */
  public static Windows shifted(int batch, int height, int width, int side, int shift) {
    return KNOWN.get(new Cut(new Maps(batch, height, width), new Window(side, side, 1), shift));
  }

  private int rolledY(int window, int place) {
    int group = cut.window().group();
    int row = place / (group * group) / (cut.window().width() / group);
    return window / cut.across() * cut.window().height()
        + row * group
        + place % (group * group) / group;
  }

  private int rolledX(int window, int place) {
    int group = cut.window().group();
    int column = place / (group * group) % (cut.window().width() / group);
    return window % cut.across() * cut.window().width() + column * group + place % group;
  }

  /** Tokens of one window, padding included. */
  public int tokens() {
    return cut.window().tokens();
  }

  /** {@code [batch * height * width, W]} to {@code [windows * tokens, W]}, zeros for padding. */
  public Variable partition(Variable map) {
    return map.gatherRows(into);
  }

  /**
   * Back to maps, padding left out: {@code [windows * tokens / group^2, W]} to {@code [batch *
   * height/group * width/group, W]}.
   */
  public Variable merge(Variable windows) {
    return windows.gatherRows(back);
  }

  /** Adds the mask to scores {@code [windows, heads, tokens, tokens]}; none without a shift. */
  public Variable mask(Tape tape, Variable scores) {
    if (cut.shift() == 0) {
      return scores;
    }
    int heads = (int) scores.shape()[1];
    long perMap = (long) cut.down() * cut.across();
    Variable mask = tape.constant(masks.get(heads), perMap, heads, tokens(), tokens());
    return scores
        .reshape(cut.maps().batch(), perMap, heads, tokens(), tokens())
        .add(mask)
        .reshape(scores.shape());
  }

  /** {@code [windows of a map, heads, tokens, tokens]}. */
  private float[] maskOf(int heads) {
    int n = tokens();
    int perMap = cut.down() * cut.across();
    float[] mask = new float[perMap * heads * n * n];
    for (int window = 0; window < perMap; window++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          float value = region(window, i) == region(window, j) ? 0 : HIDDEN;
          for (int head = 0; head < heads; head++) {
            mask[((window * heads + head) * n + i) * n + j] = value;
          }
        }
      }
    }
    return mask;
  }

  /** Which of nine parts of the rolled map a token lies in. */
  private int region(int window, int place) {
    int y = part(rolledY(window, place), cut.down() * cut.window().height(), cut.window().height());
    int x = part(rolledX(window, place), cut.across() * cut.window().width(), cut.window().width());
    return 3 * y + x;
  }

  private int part(int position, int size, int side) {
    if (position < size - side) {
      return 0;
    }
    return position < size - cut.shift() ? 1 : 2;
  }
}
