package dev.mona.data;

import dev.mona.MonaException;

/**
 * Which samples of a data set a run uses, and for what.
 *
 * @param seed decides who goes where
 * @param validationFraction part of each class of train that becomes the validation split when the
 *     set has none of its own; from 0 to below 1
 * @param trainSamples samples to train on at most, after the validation split is taken; 0 for all
 * @param trainFraction part of those samples to train on, in (0, 1]
 * @param testSamples samples of test to score at most, the same for every seed; 0 for all
 */
public record SplitOptions(
    long seed, double validationFraction, int trainSamples, double trainFraction, int testSamples) {

  /** All of the samples to train on. */
  public SplitOptions(long seed, double validationFraction, int trainSamples, int testSamples) {
    this(seed, validationFraction, trainSamples, 1, testSamples);
  }

  public SplitOptions {
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw MonaException.configuration(
          "validation fraction must be from 0 to below 1, is " + validationFraction);
    }
    if (trainSamples < 0) {
      throw MonaException.configuration(
          "train samples must be at least 1, or 0 for all, is " + trainSamples);
    }
    if (!(trainFraction > 0 && trainFraction <= 1)) {
      throw MonaException.configuration(
          "train fraction must be above 0 and at most 1, is " + trainFraction);
    }
    if (testSamples < 0) {
      throw MonaException.configuration(
          "test samples must be at least 1, or 0 for all, is " + testSamples);
    }
  }

  /**
   * Samples to train on at most; 0 for all.
   *
   * @param classes of which each keeps a sample
   * @param kept samples that the validation split leaves
   */
  int limit(int classes, int kept) {
    int most = trainSamples == 0 ? kept : Math.min(trainSamples, kept);
    return trainFraction == 1
        ? trainSamples
        : Math.max(Math.min(classes, kept), (int) Math.round(trainFraction * most));
  }
}
