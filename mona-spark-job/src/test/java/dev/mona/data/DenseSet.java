package dev.mona.data;

/** Small sets with dense labels, as NumPy arrays. */
public final class DenseSet {
  private DenseSet() {}

  /**
   * Features and labels of given shapes behind the number of samples, 4 in train and 2 in test:
   * features count up, labels are {@code (k mod 7) - 1.5}.
   */
  public static NumpySet of(int outputs, int[] features, int[] labels) {
    return NumpySet.small(false)
        .field("name", "\"field\"")
        .field("task", "\"dense\"")
        .field("outputs", String.valueOf(outputs))
        .array("x_train", features(4, features))
        .array("y_train", labels(4, labels))
        .array("x_test", features(2, features))
        .array("y_test", labels(2, labels));
  }

  static byte[] features(int samples, int... shape) {
    double[] values = new double[samples * length(shape)];
    for (int k = 0; k < values.length; k++) {
      values[k] = k;
    }
    return NpyWriter.npy("<f4", false, with(samples, shape), values);
  }

  static byte[] labels(int samples, int... shape) {
    double[] values = new double[samples * length(shape)];
    for (int k = 0; k < values.length; k++) {
      values[k] = label(k);
    }
    return NpyWriter.npy("<f4", false, with(samples, shape), values);
  }

  static double label(int k) {
    return k % 7 - 1.5;
  }

  private static int length(int... shape) {
    int length = 1;
    for (int axis : shape) {
      length *= axis;
    }
    return length;
  }

  private static int[] with(int samples, int... shape) {
    int[] all = new int[shape.length + 1];
    all[0] = samples;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return all;
  }
}
