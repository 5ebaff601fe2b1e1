package dev.mona.task;

import java.io.Serializable;
import java.util.List;

/**
 * What is predicted of a sample.
 *
 * @param kind classes, labels or a field
 * @param outputs number of classes or labels, or values at each point of the grid
 * @param classNames names of the outputs, empty when unknown
 * @param scale of the labels of a dense task, one entry an output
 */
public record Prediction(TaskKind kind, int outputs, List<String> classNames, TargetScale scale)
    implements Serializable {
  public Prediction {
    classNames = List.copyOf(classNames);
    if (outputs < 1) {
      throw new IllegalArgumentException("outputs must be >= 1");
    }
    if (scale.mean().size() != outputs || !(kind == TaskKind.DENSE || scale.isNone())) {
      throw new IllegalArgumentException(
          "only dense tasks have a scale, one entry for each output");
    }
  }

  /** One whose labels have no scale. */
  public static Prediction of(TaskKind kind, int outputs, List<String> classNames) {
    return new Prediction(kind, outputs, classNames, TargetScale.none(outputs));
  }

  /** The name of a class or label; its number where the names are unknown. */
  public String className(int k) {
    return k < classNames.size() ? classNames.get(k) : String.valueOf(k);
  }

  /** The same with another scale. */
  public Prediction with(TargetScale other) {
    return new Prediction(kind, outputs, classNames, other);
  }
}
