package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchEmbedding;
import dev.mona.embedder.PatchGrid;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.head.DenseGridHead;
import dev.mona.head.Head;
import dev.mona.source.SourceImages;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskSpec;
import dev.mona.weights.WeightTensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An encoder of images behind a convolution that makes tokens. Targets are images to it, resized to
 * its own size.
 */
public non-sealed interface ImageEncoder extends Encoder {
  /** The image that it sees, and its tokens. */
  PatchGrid grid();

  /** The same encoder for images of another size, in pixels. */
  ImageEncoder withImageSize(int size);

  /**
   * Refuses an image size that the encoder cannot take.
   *
   * @throws MonaException of the category {@code CONFIGURATION}
   */
  void requireImageSize();

  /** What its embedding block has after the convolution. */
  ImageEmbedder.After after();

  /**
   * The checkpoint's own embedding block.
   *
   * @param embeddings the tensors of {@link #embeddings}
   * @return values by the names of {@link ImageEmbedder}, for images of the checkpoint's own
   *     channels and of the size of {@link #grid}
   */
  Map<String, float[]> patches(Map<String, WeightTensor> embeddings);

  /** Refuses a size that is no multiple of so many pixels. */
  static void requireMultiple(int size, int pixels) {
    if (size % pixels != 0) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "backbone.image-size is %d, the encoder takes multiples of %d pixels: choose one",
              size,
              pixels));
    }
  }

  private ImageEmbedder embedder(SampleShape shape) {
    return new ImageEmbedder(shape, grid(), backbone().inputWidth(), after());
  }

  @Override
  default TargetEmbedder targetEmbedder(TaskSpec task, EmbedderOptions options) {
    requireImageSize();
    return embedder(task.shape().asImage());
  }

  /** Everything; the kernels are repeated along the channels of a sample and cut to these. */
  @Override
  default Map<String, float[]> start(
      TargetEmbedder embedder, Map<String, WeightTensor> embeddings) {
    Map<String, float[]> values = new LinkedHashMap<>(patches(embeddings));
    long[] shape = embedder.layout().entry(ImageEmbedder.KERNEL).shape();
    values.computeIfPresent(
        ImageEmbedder.KERNEL, (name, kernels) -> repeatChannels(kernels, shape));
    return values;
  }

  /** Kernels {@code [W, c, k, k]} as {@code [W, C, k, k]}. */
  private static float[] repeatChannels(float[] kernels, long[] shape) {
    int rows = (int) shape[0];
    int channels = (int) shape[1];
    int square = (int) (shape[2] * shape[3]);
    int from = kernels.length / (rows * square);
    float[] repeated = new float[rows * channels * square];
    for (int row = 0; row < rows * channels; row++) {
      int source = row / channels * from + row % channels % from;
      System.arraycopy(kernels, source * square, repeated, row * square, square);
    }
    return repeated;
  }

  @Override
  default SourceEmbedder sourceEmbedder(Map<String, WeightTensor> embeddings) {
    Map<String, float[]> values = patches(embeddings);
    SampleShape colours = new SampleShape(SourceImages.COLOURS, grid().height(), grid().width());
    return new PatchEmbedding(embedder(colours), values);
  }

  @Override
  default Head denseHead(TaskSpec task) {
    SampleShape shape = task.shape();
    return new DenseGridHead(
        backbone().width(), task.outputs(), shape.height(), shape.width(), layerNormEpsilon());
  }
}
