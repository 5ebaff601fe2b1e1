package dev.mona.learner;

import java.io.Serializable;

/**
 * Settings of the alignment by optimal transport.
 *
 * @param sourceSamples source samples that stand for the source, all of them where there are fewer
 * @param regularisation of the entropic problems, in the units of squared feature distances
 * @param clusters pseudo classes of a target whose labels are not classes
 */
public record TransportOptions(int sourceSamples, double regularisation, int clusters)
    implements Serializable {
  public TransportOptions {
    if (sourceSamples < 2 || !(regularisation > 0) || clusters < 2) {
      throw new IllegalArgumentException(
          "source samples and clusters must be >= 2, the regularisation > 0");
    }
  }
}
