package dev.mona.metric;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Keeps the error of every sample, 8 bytes each. The mean sums them in ascending order, so that its
 * bits depend on the set of samples only.
 */
final class SampleErrors implements Accumulator {
  private static final long serialVersionUID = 1L;

  private final SampleMetric metric;
  private double[] errors = new double[0];
  private int size;

  SampleErrors(SampleMetric metric) {
    this.metric = metric;
  }

  @Override
  public void add(float[] predictions, float[] labels, int n) {
    int length = metric.length();
    Labels.checkBatch(predictions, labels, n, length, length);
    reserve(n);
    for (int i = 0; i < n; i++) {
      OptionalDouble error = metric.error(predictions, labels, i * length);
      if (error.isPresent()) {
        errors[size++] = error.getAsDouble();
      }
    }
  }

  @Override
  public void merge(Accumulator other) {
    if (!(other instanceof SampleErrors that) || !metric.equals(that.metric)) {
      throw new IllegalArgumentException("cannot merge another metric into " + metric);
    }
    int added = that.size;
    reserve(added);
    System.arraycopy(that.errors, 0, errors, size, added);
    size += added;
  }

  @Override
  public double value() {
    double[] sorted = Arrays.copyOf(errors, size);
    Arrays.sort(sorted);
    double sum = 0;
    for (double error : sorted) {
      sum += error;
    }
    return sum / size;
  }

  private void reserve(int added) {
    int needed = Math.addExact(size, added);
    if (needed > errors.length) {
      errors = Arrays.copyOf(errors, (int) Math.max(needed, Math.min(2L * size, 1 << 28)));
    }
  }
}
