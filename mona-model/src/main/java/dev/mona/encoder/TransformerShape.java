package dev.mona.encoder;

import dev.mona.backbone.Limits;
import java.io.Serializable;

/**
 * Shape of an encoder whose layers are all alike, those of texts and of plain vision transformers.
 *
 * @param width width of a token, a multiple of {@code heads}
 * @param layers number of encoder layers
 * @param heads attention heads of a layer
 * @param inner inner width of the feed-forward block
 * @param epsilon added to the variance in every layer norm
 */
public record TransformerShape(int width, int layers, int heads, int inner, double epsilon)
    implements Serializable {
  public TransformerShape {
    Limits.require(width, 1, 16_384, "hidden width");
    Limits.require(layers, 1, 256, "number of layers");
    Limits.require(heads, 1, 256, "number of heads");
    Limits.require(inner, 1, 65_536, "feed-forward width");
    Limits.requireMultiple(width, heads);
    Limits.requireEpsilon(epsilon);
  }

  /**
   * Floats that a step holds of a batch, where each token costs so many times the width, the inner
   * width and its attention weights in each layer, and so many times the width once.
   */
  long floats(
      int batch, int tokens, double ofWidth, double ofInner, double ofAttention, double once) {
    double layer = ofWidth * width + ofInner * inner + ofAttention * heads * tokens;
    return Math.round((double) batch * tokens * (layers * layer + once * width));
  }
}
