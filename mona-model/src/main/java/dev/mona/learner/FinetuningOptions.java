package dev.mona.learner;

import dev.mona.adapter.LoraOptions;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How far finetuning may take the encoder away from the pretrained one.
 *
 * @param scope what of it changes
 * @param dropout rate of dropout, in [0, 1)
 * @param pull weight of the penalty on its distance from theta_0; 0 for none
 * @param layerDecay factor of the rate from a layer to the one before it, in (0, 1]
 * @param lora low-rank adapters that are trained in its place; null for none
 */
public record FinetuningOptions(
    FinetuneScope scope, double dropout, double pull, double layerDecay, @Nullable LoraOptions lora)
    implements Serializable {
  public FinetuningOptions {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("the rate of dropout must be in [0, 1): " + dropout);
    }
    if (!(pull >= 0) || (lora != null && pull > 0)) {
      throw new IllegalArgumentException(
          "the pull towards the start must be >= 0, and 0 where the encoder stays there: " + pull);
    }
    if (!(layerDecay > 0 && layerDecay <= 1)) {
      throw new IllegalArgumentException("the decay of layers must be in (0, 1]: " + layerDecay);
    }
    if (lora != null && scope != FinetuneScope.ALL) {
      throw new IllegalArgumentException("adapters are trained in place of the scope " + scope);
    }
  }

  /** The whole encoder, without dropout. */
  public static final FinetuningOptions ALL =
      new FinetuningOptions(FinetuneScope.ALL, 0, 0, 1, null);

  /** The same for an encoder of which another part changes. */
  public FinetuningOptions with(FinetuneScope changed) {
    return new FinetuningOptions(changed, dropout, pull, layerDecay, lora);
  }

  /** The same for an encoder whose adapters are merged into it. */
  public FinetuningOptions merged() {
    return new FinetuningOptions(scope, dropout, pull, layerDecay, null);
  }
}
