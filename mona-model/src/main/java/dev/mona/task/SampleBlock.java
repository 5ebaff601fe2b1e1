package dev.mona.task;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Samples in compact form, a block of a partition or all of it: row-major features {@code [n,
 * featureLength]}, labels {@code [n, labelLength]} and the samples' ids. The arrays are shared, not
 * copied: treat them as read-only.
 *
 * @param ids stable id of each sample in its data set
 * @param features features of all samples, one after the other
 * @param labels labels of all samples, one after the other
 */
public record SampleBlock(long[] ids, float[] features, float[] labels)
    implements PartitionSamples, Serializable {
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

  @Override
  public int size() {
    return ids.length;
  }

  /** One block, itself. */
  @Override
  public BlockIndex index() {
    return new BlockIndex(new int[] {size()}, new long[] {size() == 0 ? 0 : ids[0]}, 1);
  }

  @Override
  public SampleBlock read(int block) {
    return this;
  }

  /** Values of the features of one sample. */
  public int featureLength() {
    return size() == 0 ? 0 : features.length / size();
  }

  /** Values of the label of one sample. */
  public int labelLength() {
    return size() == 0 ? 0 : labels.length / size();
  }

  /** The samples at the given positions, in that order. */
  public SampleBlock select(int[] positions) {
    SampleBlock selected =
        new SampleBlock(
            new long[positions.length],
            new float[positions.length * featureLength()],
            new float[positions.length * labelLength()]);
    for (int i = 0; i < positions.length; i++) {
      copy(positions[i], selected, i);
    }
    return selected;
  }

  /** Copies one sample to a place of another block, whose samples have the same lengths. */
  public void copy(int position, SampleBlock to, int at) {
    int f = featureLength();
    int l = labelLength();
    to.ids[at] = ids[position];
    System.arraycopy(features, position * f, to.features, at * f, f);
    System.arraycopy(labels, position * l, to.labels, at * l, l);
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
