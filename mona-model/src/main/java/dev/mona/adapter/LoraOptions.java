package dev.mona.adapter;

import dev.mona.tensor.Role;
import java.io.Serializable;

/**
 * How low-rank adapters change an encoder.
 *
 * @param rank r of both factors
 * @param scale s of their product; the paper's alpha / r
 * @param projections which weights have an adapter
 */
public record LoraOptions(int rank, double scale, Projections projections) implements Serializable {
  public LoraOptions {
    if (rank < 1 || !(scale > 0)) {
      throw new IllegalArgumentException(
          "rank must be >= 1 and scale > 0, not " + rank + " and " + scale);
    }
  }

  /** Which weights have an adapter, in every layer of an encoder. */
  public enum Projections {
    /** Those to queries and values; where one weight makes the keys too, that one. */
    QUERY_VALUE,
    /** All of attention. */
    ATTENTION,
    /** All of attention and of the feed-forward blocks. */
    ALL;

    boolean include(Role role) {
      return switch (role) {
        case QUERY, VALUE, QUERY_KEY_VALUE -> true;
        case KEY, ATTENTION_OUTPUT -> this != QUERY_VALUE;
        case FEED_FORWARD -> this == ALL;
        case LAYER_NORM, SCORES, SCALE, OTHER -> false;
      };
    }
  }
}
