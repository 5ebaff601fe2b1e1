package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Shape of a Hiera vision encoder (Ryali et al., ICML 2023) in the form that SAM 2 uses. A stage
 * begins by halving the map and doubling width and heads; the block that does so keeps the window
 * of the stage before.
 *
 * @param width width of the first stage
 * @param heads heads of the first stage
 * @param depths blocks of each stage
 * @param windows window of each stage, in tokens of its side; even but for the last
 * @param globalBlocks blocks without windows, counted from 0 over all stages
 * @param layerNormEpsilon of every layer norm
 * @param positions side of the coarse position table, which is interpolated to the map
 * @param imageSize side of the images that it is meant for, in pixels
 */
public record HieraConfig(
    int width,
    int heads,
    List<Integer> depths,
    List<Integer> windows,
    Set<Integer> globalBlocks,
    double layerNormEpsilon,
    int positions,
    int imageSize)
    implements EncoderConfig {

  /** Colours of a pixel. */
  public static final int PATCH_CHANNELS = 3;

  /** Side of the convolution that makes tokens, in pixels. */
  public static final int PATCH_KERNEL = 7;

  static final int POSITIONS = 7;
  static final int IMAGE_SIZE = 64;

  /** The trunk of SAM 2's tiny model: 26,849,472 parameters, Apache-2.0. */
  public static final HieraConfig SAM2_TINY =
      new HieraConfig(96, 1, List.of(1, 2, 7, 2), List.of(8, 4, 14, 7), Set.of(5, 7, 9), 1e-6);

  public HieraConfig {
    depths = List.copyOf(depths);
    windows = List.copyOf(windows);
    globalBlocks = Set.copyOf(globalBlocks);
    if (depths.isEmpty() || depths.size() > Sizes.STAGES || depths.size() != windows.size()) {
      throw new IllegalArgumentException(
          "depths " + depths + " and windows " + windows + " are not those of 1 to 8 stages");
    }
    Sizes.require(width, 1, 4096, "width");
    Sizes.require(heads, 1, 256, "number of heads");
    Sizes.requireMultiple(width, heads);
    Sizes.requireEpsilon(layerNormEpsilon);
    Sizes.require(positions, 1, 256, "side of the position table");
    Sizes.require(imageSize, 1, 16_384, "image size");
    for (int stage = 0; stage < depths.size(); stage++) {
      Sizes.require(depths.get(stage), 1, 256, "depth of stage " + (stage + 1));
      Sizes.require(windows.get(stage), 1, 64, "window of stage " + (stage + 1));
      if (stage < depths.size() - 1 && windows.get(stage) % 2 != 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "window %d of stage %d is odd, and the next stage halves it",
                windows.get(stage),
                stage + 1));
      }
    }
    int blocks = depths.stream().mapToInt(Integer::intValue).sum();
    for (int block : globalBlocks) {
      Sizes.require(block, 0, blocks - 1, "global block");
    }
  }

  /** An encoder with a position table of 7 x 7, for images of 64 x 64 pixels. */
  public HieraConfig(
      int width,
      int heads,
      List<Integer> depths,
      List<Integer> windows,
      Set<Integer> globalBlocks,
      double layerNormEpsilon) {
    this(width, heads, depths, windows, globalBlocks, layerNormEpsilon, POSITIONS, IMAGE_SIZE);
  }

  /** The same encoder for images of another size. */
  public HieraConfig withImageSize(int size) {
    return new HieraConfig(
        width, heads, depths, windows, globalBlocks, layerNormEpsilon, positions, size);
  }

  public int stages() {
    return depths.size();
  }

  /** Width of a token in a stage. */
  public int width(int stage) {
    return width << stage;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    HieraConfigJson.write(this, out);
  }

  @Override
  public EncoderNames names() {
    return new HieraNames(this);
  }
}
