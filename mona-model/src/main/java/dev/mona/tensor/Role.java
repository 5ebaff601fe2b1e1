package dev.mona.tensor;

/** What a parameter is for: what a stage trains, and how a value starts, follow from it. */
public enum Role {
  /** Gain or bias of a layer norm. */
  LAYER_NORM,
  /** Projections of attention, and what is added to its scores. */
  ATTENTION,
  /** Gain of what a half of a layer adds to its tokens. */
  SCALE,
  /** Everything else. */
  OTHER
}
