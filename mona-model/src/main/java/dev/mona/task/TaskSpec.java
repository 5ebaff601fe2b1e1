package dev.mona.task;

import dev.mona.MonaException;
import dev.mona.Setting;
import java.io.Serializable;
import java.util.List;

/**
 * A target task as the model sees it.
 *
 * @param name short name, used in file names
 * @param shape of a sample
 * @param prediction what is predicted; its scale is that of the predictions of a dense task
 * @param loss the loss that is minimised
 */
public record TaskSpec(String name, SampleShape shape, Prediction prediction, LossOptions loss)
    implements Serializable {
  public TaskSpec {
    if (!loss.loss().fits(prediction.kind())) {
      throw MonaException.configuration(
          "task %s is %s and cannot have the loss %s: leave it that of its kind, or choose one that fits"
              .formatted(name, prediction.kind(), loss.loss()),
          Setting.LOSS);
    }
  }

  /** A task with the loss of its kind, without scale and names. */
  public static TaskSpec of(String name, TaskKind kind, SampleShape shape, int outputs) {
    return new TaskSpec(name, shape, Prediction.of(kind, outputs, List.of()), LossOptions.of(kind));
  }

  /** The same task with another loss. */
  public TaskSpec with(LossOptions other) {
    return new TaskSpec(name, shape, prediction, other);
  }

  /** The same task with another scale. */
  public TaskSpec with(TargetScale other) {
    return new TaskSpec(name, shape, prediction.with(other), loss);
  }

  public TaskKind kind() {
    return prediction.kind();
  }

  /** Number of classes or labels, or values at each point of the grid. */
  public int outputs() {
    return prediction.outputs();
  }

  public List<String> classNames() {
    return prediction.classNames();
  }

  public TargetScale scale() {
    return prediction.scale();
  }

  /** Values of one sample's features. */
  public int featureLength() {
    return shape.length();
  }

  /** Values of one sample's prediction. */
  public int predictionLength() {
    return switch (kind()) {
      case CLASSIFICATION, MULTI_LABEL -> outputs();
      case DENSE -> Math.multiplyExact(outputs(), shape.points());
    };
  }

  /**
   * Values of one sample's label: 1 for a class index, {@code outputs} for a 0/1 vector, {@code
   * [outputs, H, W]} for a field.
   */
  public int labelLength() {
    return kind() == TaskKind.CLASSIFICATION ? 1 : predictionLength();
  }
}
