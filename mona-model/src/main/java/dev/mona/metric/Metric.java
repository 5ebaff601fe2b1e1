package dev.mona.metric;

import java.io.Serializable;

/**
 * A score of predictions in which lower is better. A metric is immutable; what has been seen lives
 * in the {@link Accumulator}s that it starts.
 */
public interface Metric extends Serializable {

  /**
   * The name used in configuration, logs and reports, that of a {@link MetricKind}. The value
   * reported under it is always an error, e.g. one minus the AUROC.
   */
  String id();

  /** An accumulator that has seen nothing. */
  Accumulator start();

  /** Bytes that an accumulator keeps of each sample; 0 for one of constant size. */
  default long bytesOfSample() {
    return 0;
  }
}
