package dev.mona.metric;

import java.util.OptionalDouble;

/** A metric of dense tasks that is the mean over samples of an error of each. */
interface SampleMetric extends Metric {

  /** Values of one sample's prediction, and of its label. */
  int length();

  /**
   * The error of the sample whose values start at {@code from}; empty for a sample that defines
   * none and is left out.
   */
  OptionalDouble error(float[] predictions, float[] labels, int from);

  @Override
  default long bytesOfSample() {
    return Double.BYTES;
  }

  @Override
  default Accumulator start() {
    return new SampleErrors(this);
  }
}
