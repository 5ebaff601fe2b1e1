package dev.mona.weights;

import java.io.Serializable;

/**
 * The classifier that a checkpoint carries for its source classes: logits are {@code weight x +
 * bias} of the mean x over the encoder's tokens.
 *
 * @param weight {@code [classes, width]}
 * @param bias {@code [classes]}
 */
public record SourceClassifier(WeightTensor weight, WeightTensor bias) implements Serializable {
  static final String WEIGHT = "classifier.weight";
  static final String BIAS = "classifier.bias";

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
