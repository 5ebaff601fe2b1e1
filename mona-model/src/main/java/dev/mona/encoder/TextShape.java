package dev.mona.encoder;

import dev.mona.backbone.Limits;
import java.io.Serializable;

/**
 * Shape of a text encoder of post-norm layers.
 *
 * @param width width of a token, a multiple of {@code heads}
 * @param layers number of encoder layers
 * @param heads attention heads of a layer
 * @param inner inner width of the feed-forward block
 * @param epsilon added to the variance in every layer norm
 */
public record TextShape(int width, int layers, int heads, int inner, double epsilon)
    implements Serializable {
  public TextShape {
    Limits.require(width, 1, 16_384, "hidden width");
    Limits.require(layers, 1, 256, "number of layers");
    Limits.require(heads, 1, 256, "number of heads");
    Limits.require(inner, 1, 65_536, "feed-forward width");
    Limits.requireMultiple(width, heads);
    Limits.requireEpsilon(epsilon);
  }
}
