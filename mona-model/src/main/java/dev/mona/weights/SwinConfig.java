package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Shape of a Swin vision encoder (Liu et al., ICCV 2021). Every stage but the last ends by halving
 * the map and doubling the width.
 *
 * @param width width of the first stage
 * @param depths blocks of each stage
 * @param heads attention heads of each stage
 * @param window side of a window in tokens
 * @param layerNormEpsilon of every layer norm
 * @param imageSize side of the images of the pretraining in pixels
 * @param patch side of a token in pixels
 * @param channels colours of a pixel
 */
public record SwinConfig(
    int width,
    List<Integer> depths,
    List<Integer> heads,
    int window,
    double layerNormEpsilon,
    int imageSize,
    int patch,
    int channels)
    implements EncoderConfig {
  static final int IMAGE_SIZE = 224;
  static final int PATCH = 4;
  static final int CHANNELS = 3;

  public SwinConfig {
    depths = List.copyOf(depths);
    heads = List.copyOf(heads);
    if (depths.isEmpty() || depths.size() > Sizes.STAGES || depths.size() != heads.size()) {
      throw new IllegalArgumentException(
          "depths " + depths + " and heads " + heads + " are not those of 1 to 8 stages");
    }
    Sizes.require(width, 1, 4096, "width");
    Sizes.require(window, 2, 64, "window");
    Sizes.requireEpsilon(layerNormEpsilon);
    Sizes.require(imageSize, 1, 16_384, "image size");
    Sizes.require(patch, 1, 64, "patch");
    Sizes.require(channels, 1, 64, "number of channels");
    for (int stage = 0; stage < depths.size(); stage++) {
      Sizes.require(depths.get(stage), 1, 256, "depth of stage " + (stage + 1));
      Sizes.require(heads.get(stage), 1, 1024, "number of heads of stage " + (stage + 1));
      Sizes.requireMultiple(width << stage, heads.get(stage));
    }
  }

  /** An encoder of colour images of 224 x 224 pixels, cut into patches of 4 x 4. */
  public SwinConfig(
      int width, List<Integer> depths, List<Integer> heads, int window, double layerNormEpsilon) {
    this(width, depths, heads, window, layerNormEpsilon, IMAGE_SIZE, PATCH, CHANNELS);
  }

  /** The same encoder for images of another size. */
  public SwinConfig withImageSize(int size) {
    return new SwinConfig(width, depths, heads, window, layerNormEpsilon, size, patch, channels);
  }

  public int stages() {
    return depths.size();
  }

  /** Width of a token in a stage. */
  public int width(int stage) {
    return width << stage;
  }

  /** Writes a config.json that Hugging Face understands too. */
  @Override
  public void write(OutputStream out) throws IOException {
    SwinConfigJson.write(this, out);
  }

  @Override
  public EncoderNames names() {
    return new SwinNames(this);
  }
}
