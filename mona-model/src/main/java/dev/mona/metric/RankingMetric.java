package dev.mona.metric;

import dev.mona.task.TaskKind;

/** A metric that is one minus the mean of a measure of each output's ranking of the samples. */
interface RankingMetric extends Metric {

  TaskKind kind();

  int outputs();

  /** The measure of one output, in {@code [0, 1]} with higher is better; NaN leaves it out. */
  double measure(Ranking ranking);

  @Override
  default Accumulator start() {
    return new Scores(this);
  }
}
