package dev.mona.encoder;

import dev.mona.weights.WeightTensor;
import java.io.Serializable;

/**
 * The classifier that a checkpoint carries for its source classes: logits are {@code weight x +
 * bias} of what represents a sample, x, as {@link Encoder#pooling} says.
 *
 * @param weight {@code [classes, width]}
 * @param bias {@code [classes]}
 */
public record SourceClassifier(WeightTensor weight, WeightTensor bias) implements Serializable {
  public SourceClassifier {
    long[] shape = weight.shape();
    if (shape.length != 2 || bias.shape().length != 1 || bias.shape()[0] != shape[0]) {
      throw new IllegalArgumentException("weight must be [classes, width] and bias [classes]");
    }
  }

  public int classes() {
    return (int) weight.shape()[0];
  }

  public int width() {
    return (int) weight.shape()[1];
  }
}
