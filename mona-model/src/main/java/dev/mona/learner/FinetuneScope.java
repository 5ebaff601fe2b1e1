package dev.mona.learner;

import dev.mona.tensor.Role;

/** Which encoder parameters the finetuning stage changes. Embedder and head always train. */
public enum FinetuneScope {
  ALL,
  /** Layer norms only (the frozen pretrained transformer baseline). */
  LAYER_NORM,
  /** Everything but the attention projections. */
  NON_ATTENTION;

  /**
   * Whether finetuning changes a parameter of the encoder. The gradients of the others stay 0, so
   * that clipping does not see them.
   */
  boolean trains(Role role) {
    return switch (this) {
      case ALL -> true;
      case LAYER_NORM -> role == Role.LAYER_NORM;
      case NON_ATTENTION -> !role.isAttention();
    };
  }
}
