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
 * The pretrained source embedder of Swin: a convolution whose kernel is its stride, then layer
 * norm.
 */
public final class SwinPatchEmbedding implements SourceEmbedder {
  private static final String PROJECTION = "embeddings.patch_embeddings.projection";
  private static final String NORM = "embeddings.norm";

  /** The convolution's weight, {@code [W, 3, kernel, kernel]}. */
  public static final String WEIGHT = PROJECTION + ".weight";

  /** The convolution's bias. */
  public static final String BIAS = PROJECTION + ".bias";

  /** The layer norm's weight. */
  public static final String GAIN = NORM + ".weight";

  /** The layer norm's bias. */
  public static final String OFFSET = NORM + ".bias";

  private final int height;
  private final int width;
  private final PatchConvolution patches;
  private final INDArray weight;
  private final INDArray bias;
  private final INDArray gain;
  private final INDArray offset;
  private final double epsilon;

  /**
   * Copies the parameters to the device.
   *
   * @param tensors {@value #WEIGHT}, {@value #BIAS}, {@value #GAIN} and {@value #OFFSET}, among
   *     others
   * @param height of the image that the encoder sees, in pixels
   * @param width of it
   * @param epsilon of the layer norm
   */
  public SwinPatchEmbedding(
      Map<String, WeightTensor> tensors, int height, int width, double epsilon) {
    this.height = height;
    this.width = width;
    this.epsilon = epsilon;
    WeightTensor projection = WeightTensor.named(WEIGHT, tensors);
    long outputs = projection.shape()[0];
    patches = PatchConvolution.swin(Math.toIntExact(projection.shape()[2]));
    weight =
        Nd4j.createFromArray(projection.values())
            .reshape('c', outputs, projection.values().length / outputs);
    bias = Nd4j.createFromArray(WeightTensor.named(BIAS, tensors).values());
    gain = Nd4j.createFromArray(WeightTensor.named(GAIN, tensors).values());
    offset = Nd4j.createFromArray(WeightTensor.named(OFFSET, tensors).values());
  }

  @Override
  public void require(SourceSamples samples) {
    ImageSamples.require(samples);
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    ImageBatch batch = ImageSamples.batch(samples);
    Variable values =
        patches
            .record(tape, batch.values(), ImageSamples.shape(batch), height, width)
            .linear(tape.leaf(weight), tape.leaf(bias))
            .normalize(epsilon)
            .affine(tape.leaf(gain), tape.leaf(offset));
    return new Tokens(values, batch.size(), patches.tokens(height), patches.tokens(width));
  }
}
