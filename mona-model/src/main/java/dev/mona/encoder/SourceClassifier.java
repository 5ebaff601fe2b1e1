package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.nn.Pooling;
import dev.mona.weights.WeightTensor;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The classifier that a checkpoint carries for its source classes: logits are {@code weight x +
 * bias} of what it reads of a sample, x.
 *
 * @param weight {@code [classes, parts * width]}
 * @param bias {@code [classes]}
 * @param pooling x, made of the encoder's tokens
 */
public record SourceClassifier(WeightTensor weight, WeightTensor bias, Pooling pooling)
    implements Serializable {
  public SourceClassifier {
    long[] shape = weight.shape();
    if (shape.length != 2 || bias.shape().length != 1 || bias.shape()[0] != shape[0]) {
      throw new IllegalArgumentException("weight must be [classes, width] and bias [classes]");
    }
  }

  /**
   * Where a checkpoint may have one.
   *
   * @param pooling what is read
   * @param layers names of linear layers; each of several reads its own part, and the logits are
   *     the mean of theirs
   */
  public record Place(Pooling pooling, List<String> layers) {
    public Place {
      layers = List.copyOf(layers);
    }

    Place(Pooling pooling, String... layers) {
      this(pooling, List.of(layers));
    }

    private boolean isIn(Map<String, WeightTensor> tensors) {
      return layers.stream()
          .flatMap(layer -> Stream.of(layer + ".weight", layer + ".bias"))
          .allMatch(tensors::containsKey);
    }
  }

  public int classes() {
    return (int) weight.shape()[0];
  }

  public int width() {
    return (int) weight.shape()[1];
  }

  /**
   * That of a checkpoint, if it has one.
   *
   * @param tensors by canonical name
   * @param where name of the file for messages
   */
  static Optional<SourceClassifier> find(
      Encoder encoder, Map<String, WeightTensor> tensors, String where) {
    return encoder.classifiers().stream()
        .filter(place -> place.isIn(tensors))
        .findFirst()
        .map(place -> at(place, encoder.backbone().width(), tensors, where));
  }

  private static SourceClassifier at(
      Place place, int tokenWidth, Map<String, WeightTensor> tensors, String where) {
    int layers = place.layers().size();
    int width = place.pooling().parts() * tokenWidth / layers;
    int classes = WeightTensor.named(place.layers().get(0) + ".bias", tensors).values().length;
    for (String layer : place.layers()) {
      requireShape(WeightTensor.named(layer + ".weight", tensors), where, classes, width);
      requireShape(WeightTensor.named(layer + ".bias", tensors), where, classes);
    }
    float[] weights = new float[Math.multiplyExact(layers * width, classes)];
    float[] biases = new float[classes];
    for (int k = 0; k < layers; k++) {
      float[] weight = WeightTensor.named(place.layers().get(k) + ".weight", tensors).values();
      float[] bias = WeightTensor.named(place.layers().get(k) + ".bias", tensors).values();
      for (int c = 0; c < classes; c++) {
        biases[c] += bias[c] / layers;
        for (int i = 0; i < width; i++) {
          weights[(c * layers + k) * width + i] = weight[c * width + i] / layers;
        }
      }
    }
    return new SourceClassifier(
        new WeightTensor("classifier.weight", new long[] {classes, (long) layers * width}, weights),
        new WeightTensor("classifier.bias", new long[] {classes}, biases),
        place.pooling());
  }

  private static void requireShape(WeightTensor tensor, String where, long... shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "Tensor '%s' of %s is %s and must be %s; give the config.json that belongs to it",
              tensor.name(),
              where,
              Arrays.toString(tensor.shape()),
              Arrays.toString(shape)));
    }
    EncoderCheckpoint.requireFinite(tensor, where);
  }
}
