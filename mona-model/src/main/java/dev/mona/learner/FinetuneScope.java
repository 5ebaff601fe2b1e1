package dev.mona.learner;

/** Which encoder parameters the finetuning stage changes. Embedder and head always train. */
public enum FinetuneScope {
  ALL,
  /** Layer norms only (the frozen pretrained transformer baseline). */
  LAYER_NORM,
  /** Everything but the attention projections. */
  NON_ATTENTION
}
