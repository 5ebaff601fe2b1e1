package dev.mona.embedder;

import java.io.Serializable;

/**
 * The map of tokens that an encoder makes of an image.
 *
 * @param height of the image that the encoder sees, in pixels
 * @param width of it
 * @param convolution what makes the tokens
 */
public record PatchGrid(int height, int width, PatchConvolution convolution)
    implements Serializable {
  /** Of a square image. */
  public static PatchGrid square(int size, PatchConvolution convolution) {
    return new PatchGrid(size, size, convolution);
  }

  /** Tokens from top to bottom. */
  public int down() {
    return convolution.tokens(height);
  }

  /** Tokens from left to right. */
  public int across() {
    return convolution.tokens(width);
  }

  /** Tokens of the map. */
  public int tokens() {
    return down() * across();
  }
}
