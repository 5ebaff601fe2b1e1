package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.weights.WeightTensor;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pretrained source embedder of Swin: a convolution whose kernel is its stride, then layer
 * norm; images are padded at the bottom and right to a multiple of it. Never trained; its output is
 * a constant of the tape.
 */
public final class SwinPatchEmbedding {
  private static final String PROJECTION = "embeddings.patch_embeddings.projection";
  private static final String NORM = "embeddings.norm";

  private final int channels;
  private final int kernel;
  private final INDArray weight;
  private final INDArray bias;
  private final INDArray gain;
  private final INDArray offset;
  private final double epsilon;

  /**
   * Copies the parameters to the device.
   *
   * @param tensors {@value #PROJECTION}{@code .weight} {@code [W, C, kernel, kernel]}, its {@code
   *     bias}, {@value #NORM}{@code .weight} and {@code .bias}, among others
   * @param epsilon of the layer norm
   */
  public SwinPatchEmbedding(Map<String, WeightTensor> tensors, double epsilon) {
    WeightTensor projection = WeightTensor.named(PROJECTION + ".weight", tensors);
    long[] shape = projection.shape();
    channels = Math.toIntExact(shape[1]);
    kernel = Math.toIntExact(shape[2]);
    weight =
        Nd4j.createFromArray(projection.values())
            .reshape('c', shape[0], (long) channels * kernel * kernel);
    bias = Nd4j.createFromArray(WeightTensor.named(PROJECTION + ".bias", tensors).values());
    gain = Nd4j.createFromArray(WeightTensor.named(NORM + ".weight", tensors).values());
    offset = Nd4j.createFromArray(WeightTensor.named(NORM + ".bias", tensors).values());
    this.epsilon = epsilon;
  }

  /** Tokens of a side of so many pixels. */
  public int tokens(int pixels) {
    return (pixels + kernel - 1) / kernel;
  }

  /**
   * Records the embedded images.
   *
   * @param images {@code [batch, C, height, width]} row-major, normalised as in the pretraining
   * @return {@code [batch * tokens(height) * tokens(width), W]}, maps row by row
   */
  public Variable embed(Tape tape, float[] images, int batch, int height, int width) {
    ImagePatches patches =
        new ImagePatches(channels, height, width, kernel, kernel, 0, tokens(height), tokens(width));
    return tape.constant(patches.of(images), (long) batch * patches.tokens(), patches.length())
        .linear(tape.leaf(weight), tape.leaf(bias))
        .normalize(epsilon)
        .affine(tape.leaf(gain), tape.leaf(offset));
  }
}
