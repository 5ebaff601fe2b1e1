package dev.mona.task;

import java.io.Serializable;
import java.util.List;

/**
 * A target task as the model sees it.
 *
 * @param name short name, used in file names
 * @param kind what is predicted
 * @param channels input channels C of a sample {@code [C, L]}
 * @param length input length L
 * @param outputs number of classes or labels
 * @param positiveWeight weight of positive labels in the multi-label loss; 1 otherwise
 * @param classNames names of the outputs, empty when unknown
 */
public record TaskSpec(
    String name,
    TaskKind kind,
    int channels,
    int length,
    int outputs,
    double positiveWeight,
    List<String> classNames)
    implements Serializable {
  public TaskSpec {
    classNames = List.copyOf(classNames);
    if (channels < 1 || length < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "task " + name + ": channels, length and outputs must be >= 1");
    }
  }

  /** Values of one sample's features. */
  public int featureLength() {
    return Math.multiplyExact(channels, length);
  }

  /** Values of one sample's label: 1 for a class index, {@code outputs} for a 0/1 vector. */
  public int labelLength() {
    return switch (kind) {
      case CLASSIFICATION -> 1;
      case MULTI_LABEL -> outputs;
    };
  }
}
