package dev.mona.tensor;

/** What a parameter is for: what a stage trains, and how a value starts, follow from it. */
public enum Role {
  /** Gain or bias of a layer norm. */
  LAYER_NORM,
  /** Projection to the queries of attention. */
  QUERY,
  /** Projection to its keys. */
  KEY,
  /** Projection to its values. */
  VALUE,
  /** Projection to queries, keys and values at once. */
  QUERY_KEY_VALUE,
  /** Projection of what attention mixes. */
  ATTENTION_OUTPUT,
  /** What is added to the scores of attention. */
  SCORES,
  /** Projection of a feed-forward block. */
  FEED_FORWARD,
  /** Gain of what a half of a layer adds to its tokens. */
  SCALE,
  /** Everything else. */
  OTHER;

  /** Whether it belongs to attention: its projections, and what is added to its scores. */
  public boolean isAttention() {
    return switch (this) {
      case QUERY, KEY, VALUE, QUERY_KEY_VALUE, ATTENTION_OUTPUT, SCORES -> true;
      case LAYER_NORM, FEED_FORWARD, SCALE, OTHER -> false;
    };
  }
}
