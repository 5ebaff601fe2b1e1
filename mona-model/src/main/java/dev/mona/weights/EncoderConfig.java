package dev.mona.weights;

import java.io.Serializable;

/** Shape of a pretrained encoder, as its {@code config.json} tells it. */
public sealed interface EncoderConfig extends Serializable
    permits TextEncoderConfig, SwinConfig, HieraConfig {
  /** Added to the variance in every layer norm. */
  double layerNormEpsilon();
}
