package dev.mona.weights;

import java.util.List;

/**
 * Shape of a Swin vision encoder (Liu et al., ICCV 2021). Every stage but the last ends by halving
 * the map and doubling the width.
 *
 * @param imageSize side of the images of the pretraining, in pixels
 * @param patch side of a patch that becomes a token, in pixels
 * @param width width of the first stage
 * @param depths blocks of each stage
 * @param heads attention heads of each stage
 * @param window side of a window in tokens
 * @param layerNormEpsilon of every layer norm
 */
public record SwinConfig(
    int imageSize,
    int patch,
    int width,
    List<Integer> depths,
    List<Integer> heads,
    int window,
    double layerNormEpsilon)
    implements EncoderConfig {
  public SwinConfig {
    depths = List.copyOf(depths);
    heads = List.copyOf(heads);
    if (depths.isEmpty() || depths.size() != heads.size()) {
      throw new IllegalArgumentException("each stage needs a depth and a number of heads");
    }
    if (imageSize < 1 || patch < 1) {
      throw new IllegalArgumentException("image size and patch must be >= 1");
    }
    if (width < 1 || window < 2 || !(layerNormEpsilon > 0)) {
      throw new IllegalArgumentException("width must be >= 1, window >= 2, epsilon > 0");
    }
    for (int stage = 0; stage < depths.size(); stage++) {
      if (depths.get(stage) < 1
          || heads.get(stage) < 1
          || (width << stage) % heads.get(stage) > 0) {
        throw new IllegalArgumentException(
            "depths must be >= 1, and a stage's width a multiple of its heads");
      }
    }
  }

  /** The same encoder for images of another size. */
  public SwinConfig withImageSize(int size) {
    return new SwinConfig(size, patch, width, depths, heads, window, layerNormEpsilon);
  }

  public int stages() {
    return depths.size();
  }

  /** Width of a token in a stage. */
  public int width(int stage) {
    return width << stage;
  }
}
