package dev.mona.config;

import java.util.Locale;

/** The training methods that are compared with each other, at the same number of epochs. */
public enum Method {
  /** Warm-up, alignment, finetuning. */
  MONA,
  /**
   * Control: MoNA without the outer signal. The same three stages with a strength of 0, so that the
   * outer signal is all that is missing; the alignment trains what the warm-up does, anew.
   */
  WARMUP_FINETUNE,
  /** Naive finetuning: the epochs of all stages are finetuning epochs. */
  FINETUNE,
  /** Control: MoNA with the source labels permuted over the texts. */
  MONA_SHUFFLED,
  /**
   * ORCA (Shen et al., ICML 2023): the embedder is aligned by optimal transport, then finetuning.
   */
  ORCA,
  /** Frozen pretrained transformer (Lu et al., AAAI 2022): FINETUNE of layer norms only. */
  LAYERNORM,
  /** FINETUNE from random values: nothing is taken from the checkpoint. */
  SCRATCH;

  /** Name in configuration files and reports. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
