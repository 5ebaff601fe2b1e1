package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * One minus the mean average precision over labels (multi-label) or over classes, each against the
 * rest. Average precision is {@code sum over thresholds of (R_k - R_(k-1)) P_k} without
 * interpolation; samples with equal scores share one threshold. Outputs without a positive sample
 * are left out; NaN when none is left or when a score is NaN.
 *
 * @param kind what is predicted
 * @param outputs number of classes or labels
 */
record MeanAveragePrecision(TaskKind kind, int outputs) implements RankingMetric {
  @Override
  public String id() {
    return MetricKind.MAP.id();
  }

  @Override
  public double measure(Ranking ranking) {
    return ranking.averagePrecision();
  }
}
