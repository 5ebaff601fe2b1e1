package dev.mona.rounds;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Mean of the same chunk from several partitions, weighted by examples: {@code sum_p n_p x_p /
 * sum_p n_p}, products and sum in double in the order of {@link #add}, divided once, rounded to
 * float once. The mean of one contribution is that contribution.
 */
final class ChunkMean {
  private double[] sum = {};
  private Contribution.@Nullable Chunk first;
  private long examples;

  boolean isEmpty() {
    return first == null;
  }

  /** Whether a contribution belongs to the mean that is being taken. */
  boolean takes(Contribution.Chunk part) {
    return first == null || first.chunk() == part.chunk();
  }

  void add(Contribution.Chunk part) {
    float[] values = part.values();
    long weight = part.examples();
    if (weight < 1) {
      throw new IllegalArgumentException("weight is " + weight + ", must be >= 1");
    }
    if (first == null) {
      first = part;
    } else {
      requireFits(first, part);
      if (examples == first.examples()) {
        start(first);
      }
      for (int i = 0; i < values.length; i++) {
        sum[i] += (double) weight * values[i];
      }
    }
    examples += weight;
  }

  /** The sum of one contribution: not added to zero, which would turn -0 into 0. */
  private void start(Contribution.Chunk part) {
    float[] values = part.values();
    if (sum.length != values.length) {
      sum = new double[values.length];
    }
    for (int i = 0; i < values.length; i++) {
      sum[i] = (double) part.examples() * values[i];
    }
  }

  private static void requireFits(Contribution.Chunk first, Contribution.Chunk part) {
    if (first.chunk() != part.chunk() || first.values().length != part.values().length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "chunk %d of %d values does not fit chunk %d of %d",
              part.chunk(),
              part.values().length,
              first.chunk(),
              first.values().length));
    }
  }

  /** The mean with all its examples; starts anew. */
  Contribution.Chunk take() {
    if (first == null) {
      throw new IllegalStateException("mean of nothing");
    }
    Contribution.Chunk mean = first;
    if (examples > first.examples()) {
      float[] values = new float[sum.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (sum[i] / examples);
      }
      mean = new Contribution.Chunk(first.chunk(), examples, values);
    }
    first = null;
    examples = 0;
    return mean;
  }
}
