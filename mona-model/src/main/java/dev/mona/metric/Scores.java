package dev.mona.metric;

import dev.mona.task.TaskKind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Keeps every score, for metrics of rankings: one score and one target bit for each sample and
 * output, {@code [n, outputs]}, a little over 4 bytes each in memory and in messages. The score of
 * a label is its logit, that of a class its {@link LogOdds}.
 */
final class Scores implements Accumulator {
  private static final long serialVersionUID = 1L;

  private final RankingMetric metric;
  private float[] scores = new float[0];
  private final BitSet targets = new BitSet();
  private int size;

  Scores(RankingMetric metric) {
    this.metric = metric;
  }

  @Override
  public void add(float[] logits, float[] labels, int n) {
    int outputs = metric.outputs();
    switch (metric.kind()) {
      case CLASSIFICATION -> {
        Labels.checkBatch(logits, labels, n, outputs, 1);
        reserve(Math.multiplyExact(n, outputs));
        for (int i = 0; i < n; i++) {
          int label = Labels.classIndex(labels[i], outputs);
          LogOdds.oneVersusRest(logits, i * outputs, outputs, scores, size);
          targets.set(size + label);
          size += outputs;
        }
      }
      case MULTI_LABEL, DENSE -> {
        boolean partial = metric.kind() == TaskKind.DENSE;
        Labels.checkBatch(logits, labels, n, outputs, outputs);
        reserve(Math.multiplyExact(n, outputs));
        for (int i = 0; i < n * outputs; i++) {
          if (!(partial && labels[i] == Labels.UNKNOWN)) {
            targets.set(size, Labels.isPositive(labels[i]));
            scores[size++] = logits[i];
          }
        }
      }
    }
  }

  @Override
  public void merge(Accumulator other) {
    if (!(other instanceof Scores that) || !metric.equals(that.metric)) {
      throw new IllegalArgumentException("cannot merge another metric into " + metric);
    }
    int added = that.size;
    reserve(added);
    System.arraycopy(that.scores, 0, scores, size, added);
    for (int i = 0; i < added; i++) {
      targets.set(size + i, that.targets.get(i));
    }
    size += added;
  }

  @Override
  public double value() {
    int outputs = metric.rankings();
    int n = size / outputs;
    float[] column = new float[n];
    boolean[] positive = new boolean[n];
    double sum = 0;
    int measured = 0;
    for (int c = 0; c < outputs; c++) {
      for (int i = 0; i < n; i++) {
        column[i] = scores[i * outputs + c];
        positive[i] = targets.get(i * outputs + c);
        if (Float.isNaN(column[i])) {
          return Double.NaN;
        }
      }
      double measure = metric.measure(new Ranking(column, positive));
      if (!Double.isNaN(measure)) {
        sum += measure;
        measured++;
      }
    }
    return 1 - sum / measured;
  }

  private void reserve(int added) {
    int needed = Math.addExact(size, added);
    if (needed > scores.length) {
      scores = Arrays.copyOf(scores, (int) Math.max(needed, Math.min(2L * size, 1 << 30)));
    }
  }
}
