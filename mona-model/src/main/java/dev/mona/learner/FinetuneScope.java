package dev.mona.learner;

import java.util.Locale;

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
   *
   * @param name as in the encoder's checkpoint
   */
  boolean trains(String name) {
    return switch (this) {
      case ALL -> true;
      // LayerNorm of BERT, layernorm and norm of Swin, norm1 and norm2 of Hiera
      case LAYER_NORM -> name.toLowerCase(Locale.ROOT).contains("norm");
      case NON_ATTENTION ->
          !name.contains(".attention.self.")
              && !name.contains(".attention.output.dense")
              && !name.contains(".attn.");
    };
  }
}
