package dev.mona.metric;

import dev.mona.MonaException;

/** Labels and decisions of single samples, read from the flat arrays of a batch. */
final class Labels {
  /** Label of a point of a field that is not known. */
  static final float UNKNOWN = -1;

  private Labels() {}

  /** The class index stored in a label, checked against the number of classes. */
  static int classIndex(float label, int outputs) {
    int index = (int) label;
    if (index != label || index < 0 || index >= outputs) {
      throw MonaException.data(
          "class label is " + label + ", must be a whole number from 0 to " + (outputs - 1));
    }
    return index;
  }

  /** Whether a 0/1 label is 1. */
  static boolean isPositive(float label) {
    if (label != 0 && label != 1) {
      throw MonaException.data("a label that is on or off is " + label + ", must be 0 or 1");
    }
    return label == 1;
  }

  /**
   * Position of the largest of {@code outputs} values from {@code offset}, the first one of equals,
   * and -1 when one of them is NaN.
   */
  static int argMax(float[] logits, int offset, int outputs) {
    int best = 0;
    for (int c = 0; c < outputs; c++) {
      float value = logits[offset + c];
      if (Float.isNaN(value)) {
        return -1;
      }
      if (value > logits[offset + best]) {
        best = c;
      }
    }
    return best;
  }

  /** Checks that the arrays of a batch hold {@code n} samples. */
  static void checkBatch(float[] logits, float[] labels, int n, int outputs, int labelLength) {
    if (n < 0 || logits.length < (long) n * outputs || labels.length < (long) n * labelLength) {
      throw new IllegalArgumentException(
          n
              + " samples need "
              + outputs
              + " logits and "
              + labelLength
              + " labels each, got "
              + logits.length
              + " logits and "
              + labels.length
              + " labels");
    }
  }
}
