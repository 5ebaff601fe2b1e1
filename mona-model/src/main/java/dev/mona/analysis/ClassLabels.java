package dev.mona.analysis;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Class indices beside the rows of a feature matrix. */
final class ClassLabels {
  private ClassLabels() {}

  /** Checks features {@code [n, W]} with {@code n >= 1} and one label in range for each row. */
  static void check(INDArray features, int[] labels, int classes) {
    if (features.rank() != 2 || features.rows() != labels.length) {
      throw new IllegalArgumentException(
          labels.length
              + " labels need features of as many rows, got "
              + Arrays.toString(features.shape()));
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "class label is " + label + ", must be from 0 to " + (classes - 1));
      }
    }
  }
}
