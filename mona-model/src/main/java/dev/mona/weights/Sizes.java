package dev.mona.weights;

import java.util.Locale;

/** Checks of the sizes of an encoder. They bound what a hostile config.json can ask for. */
final class Sizes {
  /** The most stages of a vision encoder. */
  static final int STAGES = 8;

  private Sizes() {}

  static void require(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s %d is not in %d to %d", what, value, least, most));
    }
  }

  static void requireMultiple(int width, int heads) {
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "width " + width + " is no multiple of the " + heads + " heads");
    }
  }

  static void requireEpsilon(double epsilon) {
    if (!(epsilon > 0 && epsilon <= 0.1)) {
      throw new IllegalArgumentException("layer-norm epsilon " + epsilon + " is not in (0, 0.1]");
    }
  }
}
