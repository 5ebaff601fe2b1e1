package dev.mona.cli;

import dev.mona.data.NpyWriter;
import dev.mona.data.NumpySet;
import java.nio.file.Path;
import java.util.Random;

/** A target task that can be learnt: three noisy wave forms in two channels of twelve steps. */
final class SmallTask {
  static final int CLASSES = 3;
  static final int CHANNELS = 2;
  static final int LENGTH = 12;
  static final int FEATURES = CHANNELS * LENGTH;
  static final int TRAIN = 48;
  static final int TEST = 30;

  private static final double NOISE = 0.5;

  private SmallTask() {}

  /** The set as NumPy arrays with a card. */
  static NumpySet arrays(long seed) {
    Random random = new Random(seed);
    return NumpySet.small(false)
        .field("name", "\"waves\"")
        .array("x_train", features(random, TRAIN))
        .array("y_train", labels(TRAIN))
        .array("x_test", features(random, TEST))
        .array("y_test", labels(TEST));
  }

  static Path write(Path directory, long seed) {
    return arrays(seed).write(directory);
  }

  /** Class of a sample of a split. */
  static int label(int sample) {
    return sample % CLASSES;
  }

  static byte[] labels(int samples) {
    double[] y = new double[samples];
    for (int i = 0; i < samples; i++) {
      y[i] = label(i);
    }
    return NpyWriter.npy("|i1", false, new int[] {samples}, y);
  }

  private static byte[] features(Random random, int samples) {
    return NpyWriter.npy(
        "<f4", false, new int[] {samples, CHANNELS, LENGTH}, values(random, samples));
  }

  static double[] values(Random random, int samples) {
    double[] x = new double[samples * FEATURES];
    for (int k = 0; k < x.length; k++) {
      int sample = k / FEATURES;
      int channel = k % FEATURES / LENGTH;
      double phase = 2 * Math.PI * (k % LENGTH) * (1 + label(sample)) / LENGTH;
      x[k] = (channel == 0 ? Math.sin(phase) : Math.cos(phase)) + NOISE * random.nextGaussian();
    }
    return x;
  }
}
