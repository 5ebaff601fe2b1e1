package dev.mona.metric;

import dev.mona.task.TaskKind;

/** What a {@link Confusion} has counted. */
public final class ConfusionCounts extends Decisions {
  private static final long serialVersionUID = 1L;

  /** A label's counts: present and found, present and missed, absent and found, absent and not. */
  private static final int LABEL_COUNTS = 4;

  private final Confusion metric;
  private final int columns;
  private final long[] counts;

  ConfusionCounts(Confusion metric) {
    super(metric.kind(), metric.outputs());
    this.metric = metric;
    columns = metric.kind() == TaskKind.CLASSIFICATION ? metric.outputs() + 1 : LABEL_COUNTS;
    counts = new long[Math.multiplyExact(metric.outputs(), columns)];
  }

  /**
   * The counts, a row for each class or label. Of classes {@code [outputs, outputs + 1]}: samples
   * of the row's class by the class that was chosen, the last column for those where a NaN allowed
   * no choice. Of labels {@code [outputs, 4]}: present and found, present and missed, absent and
   * found, absent and not found; a NaN counts as wrong.
   */
  public long[][] rows() {
    long[][] rows = new long[metric.outputs()][columns];
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(counts, k * columns, rows[k], 0, columns);
    }
    return rows;
  }

  @Override
  void choice(int label, int decision) {
    counts[label * columns + (decision < 0 ? metric.outputs() : decision)]++;
  }

  @Override
  void label(int output, boolean positive, float logit) {
    boolean found = positive ? logit > 0 : !(logit <= 0);
    counts[output * columns + (positive ? 0 : 2) + (found ? 0 : 1)]++;
  }

  @Override
  public void merge(Accumulator other) {
    if (!(other instanceof ConfusionCounts that) || !metric.equals(that.metric)) {
      throw new IllegalArgumentException("cannot merge another metric into " + metric);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += that.counts[i];
    }
  }

  @Override
  public double value() {
    long all = 0;
    long right = 0;
    for (int k = 0; k < metric.outputs(); k++) {
      for (int c = 0; c < columns; c++) {
        long count = counts[k * columns + c];
        all += count;
        right += isRight(k, c) ? count : 0;
      }
    }
    return (double) (all - right) / all;
  }

  private boolean isRight(int row, int column) {
    return metric.kind() == TaskKind.CLASSIFICATION ? row == column : column == 0 || column == 3;
  }
}
