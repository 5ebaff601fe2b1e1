package dev.mona.data;

import dev.mona.MonaException;

/**
 * Which samples of a data set a run uses, and for what.
 *
 * @param seed decides who goes where
 * @param validationFraction part of each class of train that becomes the validation split when the
 *     set has none of its own; from 0 to below 1
 * @param trainSamples samples to train on at most, after the validation split is taken; 0 for all
 * @param testSamples samples of test to score at most, the same for every seed; 0 for all
 */
public record SplitOptions(
    long seed, double validationFraction, int trainSamples, int testSamples) {
  public SplitOptions {
    if (!(validationFraction >= 0 && validationFraction < 1)) {
      throw MonaException.configuration(
          "validation fraction must be from 0 to below 1, is " + validationFraction);
    }
    if (trainSamples < 0) {
      throw MonaException.configuration(
          "train samples must be at least 1, or 0 for all, is " + trainSamples);
    }
    if (testSamples < 0) {
      throw MonaException.configuration(
          "test samples must be at least 1, or 0 for all, is " + testSamples);
    }
  }
}
