package dev.mona.task;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Samples of one partition in compact form: row-major features {@code [n, featureLength]}, labels
 * {@code [n, labelLength]} and the samples' ids. The arrays are shared, not copied: treat them as
 * read-only.
 *
 * @param ids stable id of each sample in its data set
 * @param features features of all samples, one after the other
 * @param labels labels of all samples, one after the other
 */
public record SampleBlock(long[] ids, float[] features, float[] labels) implements Serializable {
  public SampleBlock {
    int n = ids.length;
    if (n == 0
        ? features.length + labels.length != 0
        : features.length % n + labels.length % n != 0) {
      throw new IllegalArgumentException(
          n
              + " samples cannot share "
              + features.length
              + " features, "
              + labels.length
              + " labels");
    }
  }

  /** Number of samples. */
  public int size() {
    return ids.length;
  }

  /** The samples at the given positions, in that order. */
  public SampleBlock select(int[] positions) {
    int f = size() == 0 ? 0 : features.length / size();
    int l = size() == 0 ? 0 : labels.length / size();
    long[] newIds = new long[positions.length];
    float[] newFeatures = new float[positions.length * f];
    float[] newLabels = new float[positions.length * l];
    for (int i = 0; i < positions.length; i++) {
      newIds[i] = ids[positions[i]];
      System.arraycopy(features, positions[i] * f, newFeatures, i * f, f);
      System.arraycopy(labels, positions[i] * l, newLabels, i * l, l);
    }
    return new SampleBlock(newIds, newFeatures, newLabels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampleBlock that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(features, that.features)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "SampleBlock[" + size() + " samples]";
  }
}
