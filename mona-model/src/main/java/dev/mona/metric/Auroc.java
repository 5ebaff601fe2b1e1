package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * One minus the mean area under the ROC curve over labels (multi-label) or over classes, each
 * against the rest. The area is the probability that a positive sample has the higher score than a
 * negative one, a tie counting one half (mid-ranks). Outputs without a positive or without a
 * negative sample are left out; NaN when none is left or when a score is NaN. A field of 0 and 1
 * has one area over all points of all samples; points with a label of -1 are left out.
 *
 * <p>ND4J's {@code ROC} with exact thresholds is not used: it orders tied scores by arrival, so
 * that for equal scores its area depends on the order of the samples (0.41 to 0.87 for the same 200
 * samples with two distinct scores and a true area of 0.64).
 *
 * @param kind what is predicted
 * @param outputs number of classes, labels or values of a field
 */
record Auroc(TaskKind kind, int outputs) implements RankingMetric {
  @Override
  public String id() {
    return MetricKind.AUROC.id();
  }

  @Override
  public double measure(Ranking ranking) {
    return ranking.areaUnderRoc();
  }
}
