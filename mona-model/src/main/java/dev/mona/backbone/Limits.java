package dev.mona.backbone;

import java.util.List;
import java.util.Locale;

/** Checks of the sizes of an encoder. They bound what a hostile config.json can ask for. */
public final class Limits {
  private static final int STAGES = 8;

  private Limits() {}

  public static void require(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s %d is not in %d to %d", what, value, least, most));
    }
  }

  /** Widths are shared by the heads. */
  public static void requireMultiple(int width, int heads) {
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "width " + width + " is no multiple of the " + heads + " heads");
    }
  }

  /** Of layer norms. */
  public static void requireEpsilon(double epsilon) {
    if (!(epsilon > 0 && epsilon <= 0.1)) {
      throw new IllegalArgumentException("layer-norm epsilon " + epsilon + " is not in (0, 0.1]");
    }
  }

  /**
   * Checks the stages of an encoder of images that halves its map between them.
   *
   * @param width of the first stage
   * @param depths blocks of each stage
   * @param others what else each stage has
   * @param what it is called
   */
  static void requireStages(int width, List<Integer> depths, List<Integer> others, String what) {
    int stages = depths.size();
    if (stages == 0 || stages > STAGES || stages != others.size()) {
      throw new IllegalArgumentException(
          "depths " + depths + " and " + what + " " + others + " are not those of 1 to 8 stages");
    }
    require(width, 1, 4096, "width");
    for (int stage = 0; stage < stages; stage++) {
      require(depths.get(stage), 1, 256, "depth of stage " + (stage + 1));
    }
  }
}
