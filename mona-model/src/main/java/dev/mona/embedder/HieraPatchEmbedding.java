package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.weights.WeightTensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pretrained source embedder of Hiera: a convolution of kernel 7, stride 4 and padding 3, plus
 * positions, a coarse table that is interpolated to the map and one of the first window that is
 * repeated over it. Never trained; its output is a constant of the tape.
 */
public final class HieraPatchEmbedding {
  private static final int KERNEL = 7;
  private static final int STRIDE = 4;
  private static final int PADDING = 3;
  private static final int COLOURS = 3;

  private final int width;
  private final INDArray kernel;
  private final INDArray bias;
  private final WeightTensor coarse;
  private final WeightTensor window;

  /**
   * Copies the convolution to the device.
   *
   * @param tensors {@code patch_embed.proj.weight} {@code [W, 3, 7, 7]}, its {@code bias}, {@code
   *     pos_embed} {@code [1, W, h, w]} and {@code pos_embed_window} {@code [1, W, h, w]}, among
   *     others
   */
  public HieraPatchEmbedding(Map<String, WeightTensor> tensors) {
    WeightTensor weight = WeightTensor.named("patch_embed.proj.weight", tensors);
    width = Math.toIntExact(weight.shape()[0]);
    kernel = Nd4j.createFromArray(weight.values()).reshape('c', width, COLOURS * KERNEL * KERNEL);
    bias = Nd4j.createFromArray(WeightTensor.named("patch_embed.proj.bias", tensors).values());
    coarse = WeightTensor.named("pos_embed", tensors);
    window = WeightTensor.named("pos_embed_window", tensors);
  }

  /** Tokens of a side of so many pixels. */
  public static int tokens(int pixels) {
    return (pixels + 2 * PADDING - KERNEL) / STRIDE + 1;
  }

  /**
   * Records the embedded images.
   *
   * @param images {@code [batch, 3, height, width]} row-major, normalised as in the pretraining
   * @return {@code [batch * tokens(height) * tokens(width), W]}, maps row by row
   */
  public Variable embed(Tape tape, float[] images, int batch, int pixelsHigh, int pixelsWide) {
    int high = tokens(pixelsHigh);
    int wide = tokens(pixelsWide);
    ImagePatches patches =
        new ImagePatches(COLOURS, pixelsHigh, pixelsWide, KERNEL, STRIDE, PADDING, high, wide);
    return tape.constant(patches.of(images), (long) batch * patches.tokens(), patches.length())
        .linear(tape.leaf(kernel), tape.leaf(bias))
        .reshape(batch, (long) high * wide, width)
        .add(tape.constant(positions(high, wide), (long) high * wide, width))
        .reshape((long) batch * high * wide, width);
  }

  /** {@code [high * wide, W]}. */
  private float[] positions(int high, int wide) {
    float[] resized =
        BicubicResize.of(
            coarse.values(), width, (int) coarse.shape()[2], (int) coarse.shape()[3], high, wide);
    int windowHigh = (int) window.shape()[2];
    int windowWide = (int) window.shape()[3];
    float[] positions = new float[high * wide * width];
    for (int token = 0; token < high * wide; token++) {
      int y = token / wide % windowHigh;
      int x = token % wide % windowWide;
      for (int c = 0; c < width; c++) {
        positions[token * width + c] =
            resized[c * high * wide + token]
                + window.values()[(c * windowHigh + y) * windowWide + x];
      }
    }
    return positions;
  }
}
