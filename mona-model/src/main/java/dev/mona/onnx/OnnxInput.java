package dev.mona.onnx;

import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import java.util.List;

/** Samples as they are cut up for the embedder's convolution, which the tape has no part in. */
final class OnnxInput {
  private final OnnxGraph graph;

  OnnxInput(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Adds what {@link TargetEmbedder#patches} does.
   *
   * @param features name of the input, samples in any shape of as many values
   */
  OnnxValue patches(TargetEmbedder embedder, String features) {
    return embedder instanceof SequenceEmbedder series
        ? ofSeries(series, features)
        : ofImages((ImageEmbedder) embedder, features);
  }

  private String reshaped(String name, long... shape) {
    return graph.node("Reshape", List.of(name, graph.integers(shape)));
  }

  private OnnxValue ofSeries(SequenceEmbedder series, String features) {
    int tokens = series.tokens();
    long seen = (long) series.channels() * series.kernel();
    String cut = reshaped(features, 0, series.channels(), tokens, series.kernel());
    String rows = graph.node("Transpose", List.of(cut), OnnxGraph.ints("perm", 0, 2, 1, 3));
    return OnnxValue.of(reshaped(rows, 0, tokens, seen), tokens, seen);
  }

  private OnnxValue ofImages(ImageEmbedder images, String features) {
    int channels = images.shape().channels();
    int height = images.grid().height();
    int width = images.grid().width();
    String seen = reshaped(features, 0, channels, images.shape().height(), images.shape().width());
    if (images.shape().height() != height || images.shape().width() != width) {
      seen = resized(seen, channels, height, width);
    }
    PatchConvolution convolution = images.grid().convolution();
    int down = images.grid().down();
    int across = images.grid().across();
    seen = padded(seen, convolution, height, width);
    seen = places(seen, 2, down, convolution);
    seen = places(seen, 3, across, convolution);
    int kernel = convolution.kernel();
    seen = reshaped(seen, 0, channels, down, kernel, across, kernel);
    seen = graph.node("Transpose", List.of(seen), OnnxGraph.ints("perm", 0, 2, 4, 1, 3, 5));
    long tokens = (long) down * across;
    long patch = (long) channels * kernel * kernel;
    return OnnxValue.of(reshaped(seen, 0, tokens, patch), tokens, patch);
  }

  /** Bilinear, centres of pixels stay centres. */
  private String resized(String images, int channels, int height, int width) {
    String batch = graph.node("Shape", List.of(images), OnnxGraph.integer("end", 1));
    String sizes =
        graph.node(
            "Concat",
            List.of(batch, graph.integers(channels, height, width)),
            OnnxGraph.integer("axis", 0));
    return graph.node(
        "Resize",
        List.of(images, "", "", sizes),
        OnnxGraph.text("mode", "linear"),
        OnnxGraph.text("coordinate_transformation_mode", "half_pixel"));
  }

  private String padded(String images, PatchConvolution convolution, int height, int width) {
    long before = convolution.padding();
    long below = after(convolution, height);
    long right = after(convolution, width);
    if (before == 0 && below == 0 && right == 0) {
      return images;
    }
    return graph.node(
        "Pad", List.of(images, graph.integers(0, 0, before, before, 0, 0, below, right)));
  }

  /** Zeros behind a side of so many pixels, which the last place of the kernel sees. */
  private static long after(PatchConvolution convolution, int pixels) {
    int last = (convolution.tokens(pixels) - 1) * convolution.stride() + convolution.kernel();
    return Math.max(0, last - convolution.padding() - pixels);
  }

  /** The pixels along an axis that each place of the kernel sees, place by place. */
  private String places(String images, int axis, int tokens, PatchConvolution convolution) {
    int kernel = convolution.kernel();
    long[] pixels = new long[tokens * kernel];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (long) i / kernel * convolution.stride() + i % kernel;
    }
    return graph.node(
        "Gather", List.of(images, graph.integers(pixels)), OnnxGraph.integer("axis", axis));
  }
}
