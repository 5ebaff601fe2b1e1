package dev.mona.encoder;

import dev.mona.backbone.Limits;
import java.io.Serializable;

/**
 * Images as an encoder sees them.
 *
 * @param size side in pixels
 * @param patch side of a token in pixels
 * @param channels colours of a pixel
 */
public record ImageShape(int size, int patch, int channels) implements Serializable {
  public ImageShape {
    Limits.require(size, 1, 16_384, "image size");
    Limits.require(patch, 1, 64, "patch");
    Limits.require(channels, 1, 64, "number of channels");
  }

  /** The same of another size. */
  public ImageShape withSize(int other) {
    return new ImageShape(other, patch, channels);
  }
}
