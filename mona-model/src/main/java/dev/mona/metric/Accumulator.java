package dev.mona.metric;

import java.io.Serializable;

/**
 * What a metric keeps of the predictions that it has seen. Samples may be added in any batches and
 * accumulators merged in any order: the value depends on the set of samples only.
 */
public interface Accumulator extends Serializable {

  /**
   * Adds samples.
   *
   * @param logits predictions as the network gives them, row-major {@code [n, predictionLength]}:
   *     before softmax or sigmoid, or values in the labels' units; read only, not kept
   * @param labels class indices {@code [n]} for classification, 0/1 row-major {@code [n, outputs]}
   *     for multi-label tasks, fields {@code [n, predictionLength]} for dense ones; read only, not
   *     kept
   * @param n number of samples; the arrays may be longer
   * @throws dev.mona.MonaException of category {@code DATA} when a label is not one of the task's
   */
  void add(float[] logits, float[] labels, int n);

  /**
   * Adds all that {@code other} has seen, which is left as it is.
   *
   * @param other an accumulator of an equal metric
   */
  void merge(Accumulator other);

  /** The score of all samples seen, lower is better; NaN when they define none. */
  double value();
}
