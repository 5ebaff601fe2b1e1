package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Tokens;
import dev.mona.source.ImageBatch;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.weights.WeightTensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pretrained source embedder of Hiera: a convolution of kernel 7, stride 4 and padding 3, plus
 * positions, a coarse table that is interpolated to the map and one of the first window that is
 * repeated over it.
 */
public final class HieraPatchEmbedding implements SourceEmbedder {
  /** The convolution's weight, {@code [W, 3, 7, 7]}. */
  public static final String WEIGHT = "patch_embed.proj.weight";

  /** The convolution's bias. */
  public static final String BIAS = "patch_embed.proj.bias";

  private static final PatchConvolution PATCHES = PatchConvolution.HIERA;

  private final int size;
  private final int width;
  private final INDArray kernel;
  private final INDArray bias;
  private final float[] positions;

  /**
   * Copies the convolution to the device.
   *
   * @param tensors {@value #WEIGHT}, {@value #BIAS}, {@code pos_embed} {@code [1, W, h, w]} and
   *     {@code pos_embed_window} {@code [1, W, h, w]}, among others
   * @param size side of the image that the encoder sees, in pixels
   */
  public HieraPatchEmbedding(Map<String, WeightTensor> tensors, int size) {
    this.size = size;
    WeightTensor weight = WeightTensor.named(WEIGHT, tensors);
    width = Math.toIntExact(weight.shape()[0]);
    kernel =
        Nd4j.createFromArray(weight.values()).reshape('c', width, weight.values().length / width);
    bias = Nd4j.createFromArray(WeightTensor.named(BIAS, tensors).values());
    positions = positions(tensors, PATCHES.tokens(size));
  }

  @Override
  public void require(SourceSamples samples) {
    ImageSamples.require(samples);
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    ImageBatch batch = ImageSamples.batch(samples);
    int side = PATCHES.tokens(size);
    Variable values =
        PATCHES
            .record(tape, batch.values(), ImageSamples.shape(batch), size, size)
            .linear(tape.leaf(kernel), tape.leaf(bias))
            .reshape(batch.size(), (long) side * side, width)
            .add(tape.constant(positions, (long) side * side, width))
            .reshape((long) batch.size() * side * side, width);
    return new Tokens(values, batch.size(), side, side);
  }

  /** The position table of a square map, {@code [side * side, W]}. */
  public static float[] positions(Map<String, WeightTensor> tensors, int side) {
    WeightTensor coarse = WeightTensor.named("pos_embed", tensors);
    WeightTensor window = WeightTensor.named("pos_embed_window", tensors);
    int width = (int) coarse.shape()[1];
    float[] resized =
        BicubicResize.of(
            coarse.values(), width, (int) coarse.shape()[2], (int) coarse.shape()[3], side, side);
    int windowHigh = (int) window.shape()[2];
    int windowWide = (int) window.shape()[3];
    float[] positions = new float[side * side * width];
    for (int token = 0; token < side * side; token++) {
      int y = token / side % windowHigh;
      int x = token % side % windowWide;
      for (int c = 0; c < width; c++) {
        positions[token * width + c] =
            resized[c * side * side + token]
                + window.values()[(c * windowHigh + y) * windowWide + x];
      }
    }
    return positions;
  }
}
