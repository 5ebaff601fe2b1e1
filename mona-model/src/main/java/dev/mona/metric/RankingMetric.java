package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * A metric that is one minus the mean of a measure of each output's ranking of the samples. All
 * values of a field are one output.
 */
interface RankingMetric extends Metric {

  TaskKind kind();

  /** Values of one sample's prediction. */
  int outputs();

  /** Rankings: one an output, one for all values of fields. */
  default int rankings() {
    return kind() == TaskKind.DENSE ? 1 : outputs();
  }

  /** The measure of one output, in {@code [0, 1]} with higher is better; NaN leaves it out. */
  double measure(Ranking ranking);

  /** A score of 4 bytes and a bit for each output. */
  @Override
  default long bytesOfSample() {
    return Float.BYTES * (long) outputs() + (outputs() + Byte.SIZE - 1) / Byte.SIZE;
  }

  @Override
  default Accumulator start() {
    return new Scores(this);
  }
}
