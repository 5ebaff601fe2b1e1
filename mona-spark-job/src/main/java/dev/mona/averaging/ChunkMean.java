package dev.mona.averaging;

/**
 * Mean of the same chunk from several partitions, weighted by examples: {@code sum_p n_p x_p /
 * sum_p n_p}, products and sum in double in the order of {@link #add}, divided once, rounded to
 * float once. The mean of one contribution is that contribution, bit for bit: nothing is added to
 * it, and {@code (n x) / n} differs from {@code x} by less than half a float's spacing.
 */
final class ChunkMean {
  private double[] sum = {};
  private int chunk;
  private long examples;

  boolean isEmpty() {
    return examples == 0;
  }

  /** Index of the chunk being summed. */
  int chunk() {
    return chunk;
  }

  void add(Contribution.Chunk part) {
    float[] values = part.values();
    long weight = part.examples();
    if (weight < 1) {
      throw new IllegalArgumentException("weight is " + weight + ", must be >= 1");
    }
    if (isEmpty()) {
      chunk = part.chunk();
      if (sum.length != values.length) {
        sum = new double[values.length];
      }
      // not added to zero: that would turn -0 into 0
      for (int i = 0; i < values.length; i++) {
        sum[i] = (double) weight * values[i];
      }
    } else {
      if (chunk != part.chunk() || sum.length != values.length) {
        throw new IllegalArgumentException(
            "chunk "
                + part.chunk()
                + " of "
                + values.length
                + " values does not fit chunk "
                + chunk
                + " of "
                + sum.length);
      }
      for (int i = 0; i < values.length; i++) {
        sum[i] += (double) weight * values[i];
      }
    }
    examples += weight;
  }

  /** The mean with all its examples; starts anew. */
  Contribution.Chunk take() {
    if (isEmpty()) {
      throw new IllegalStateException("mean of nothing");
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / examples);
    }
    long weight = examples;
    examples = 0;
    return new Contribution.Chunk(chunk, weight, mean);
  }
}
