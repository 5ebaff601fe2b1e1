package dev.mona.task;

import dev.mona.MonaException;
import dev.mona.Setting;
import java.io.Serializable;
import java.util.List;

/**
 * A target task as the model sees it.
 *
 * @param name short name, used in file names
 * @param kind what is predicted
 * @param shape of a sample
 * @param outputs number of classes or labels, or values at each point of the grid
 * @param loss the loss that is minimised
 * @param scale of the predictions of a dense task, one entry an output
 * @param classNames names of the outputs, empty when unknown
 */
public record TaskSpec(
    String name,
    TaskKind kind,
    SampleShape shape,
    int outputs,
    LossOptions loss,
    TargetScale scale,
    List<String> classNames)
    implements Serializable {
  public TaskSpec {
    classNames = List.copyOf(classNames);
    if (outputs < 1) {
      throw new IllegalArgumentException("task " + name + ": outputs must be >= 1");
    }
    if (scale.mean().size() != outputs || !(kind == TaskKind.DENSE || scale.isNone())) {
      throw new IllegalArgumentException(
          "task " + name + ": only dense tasks have a scale, one entry for each output");
    }
    if (!loss.loss().fits(kind)) {
      throw MonaException.configuration(
          "task %s is %s and cannot have the loss %s: leave it that of its kind, or choose one that fits"
              .formatted(name, kind, loss.loss()),
          Setting.LOSS);
    }
  }

  /** A task with the loss of its kind, without scale and names. */
  public static TaskSpec of(String name, TaskKind kind, SampleShape shape, int outputs) {
    return new TaskSpec(
        name, kind, shape, outputs, LossOptions.of(kind), TargetScale.none(outputs), List.of());
  }

  /** The same task with another loss. */
  public TaskSpec with(LossOptions other) {
    return new TaskSpec(name, kind, shape, outputs, other, scale, classNames);
  }

  /** The same task with another scale. */
  public TaskSpec with(TargetScale other) {
    return new TaskSpec(name, kind, shape, outputs, loss, other, classNames);
  }

  /** Values of one sample's features. */
  public int featureLength() {
    return shape.length();
  }

  /** Values of one sample's prediction. */
  public int predictionLength() {
    return switch (kind) {
      case CLASSIFICATION, MULTI_LABEL -> outputs;
      case DENSE -> Math.multiplyExact(outputs, shape.points());
    };
  }

  /**
   * Values of one sample's label: 1 for a class index, {@code outputs} for a 0/1 vector, {@code
   * [outputs, H, W]} for a field.
   */
  public int labelLength() {
    return kind == TaskKind.CLASSIFICATION ? 1 : predictionLength();
  }
}
