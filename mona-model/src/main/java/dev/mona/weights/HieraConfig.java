package dev.mona.weights;

import java.util.List;
import java.util.Set;

/**
 * Shape of a Hiera vision encoder (Ryali et al., ICML 2023) in the form that SAM 2 uses. A stage
 * begins by halving the map and doubling width and heads; the block that does so keeps the window
 * of the stage before.
 *
 * @param imageSize side of the images that targets are resized to, in pixels
 * @param width width of the first stage
 * @param heads heads of the first stage
 * @param depths blocks of each stage
 * @param windows window of each stage, in tokens of its side; even but for the last
 * @param globalBlocks blocks without windows, counted from 0 over all stages
 * @param layerNormEpsilon of every layer norm
 */
public record HieraConfig(
    int imageSize,
    int width,
    int heads,
    List<Integer> depths,
    List<Integer> windows,
    Set<Integer> globalBlocks,
    double layerNormEpsilon)
    implements EncoderConfig {

  /** The trunk of SAM 2's tiny model: 26,849,472 parameters, Apache-2.0. */
  public static final HieraConfig SAM2_TINY =
      new HieraConfig(64, 96, 1, List.of(1, 2, 7, 2), List.of(8, 4, 14, 7), Set.of(5, 7, 9), 1e-6);

  public HieraConfig {
    depths = List.copyOf(depths);
    windows = List.copyOf(windows);
    globalBlocks = Set.copyOf(globalBlocks);
    if (imageSize < 1 || width < 1 || heads < 1 || width % heads != 0 || !(layerNormEpsilon > 0)) {
      throw new IllegalArgumentException(
          "image size must be >= 1, width a multiple of heads, epsilon > 0");
    }
    if (depths.isEmpty() || depths.size() != windows.size()) {
      throw new IllegalArgumentException("each stage needs a depth and a window");
    }
    for (int stage = 0; stage < depths.size(); stage++) {
      boolean last = stage == depths.size() - 1;
      if (depths.get(stage) < 1
          || windows.get(stage) < 1
          || (!last && windows.get(stage) % 2 != 0)) {
        throw new IllegalArgumentException(
            "depths must be >= 1, windows >= 1 and even in all stages but the last");
      }
    }
  }

  /** The same encoder for images of another size. */
  public HieraConfig withImageSize(int size) {
    return new HieraConfig(size, width, heads, depths, windows, globalBlocks, layerNormEpsilon);
  }

  public int stages() {
    return depths.size();
  }

  /** Width of a token in a stage. */
  public int width(int stage) {
    return width << stage;
  }
}
