package dev.mona.metric;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.List;

/** The metrics by name. */
public final class Metrics {
  private static final List<String> IDS =
      List.of(
          ErrorRate.ID,
          MacroF1.ID,
          Auroc.ID,
          MeanAveragePrecision.ID,
          RelativeError.L2,
          RelativeError.NRMSE,
          ContactError.ID);

  private Metrics() {}

  /** All names, in a fixed order. */
  public static List<String> ids() {
    return IDS;
  }

  /**
   * The names of the metrics that fit a task, in that order: those of decisions for classes and
   * labels; for fields {@code auroc} where the loss is the binary cross entropy, {@code
   * contact-mae} for maps of distances, which are square and have a cap, and the relative errors
   * elsewhere.
   */
  public static List<String> ids(TaskSpec task) {
    return IDS.stream().filter(id -> fits(id, task)).toList();
  }

  private static boolean fits(String id, TaskSpec task) {
    boolean dense = task.kind() == TaskKind.DENSE;
    boolean binary = task.loss().loss() == Loss.BINARY_CROSS_ENTROPY;
    return switch (id) {
      case ErrorRate.ID, MacroF1.ID, MeanAveragePrecision.ID -> !dense;
      case Auroc.ID -> !dense || binary;
      case ContactError.ID -> ContactError.fits(task);
      case RelativeError.L2, RelativeError.NRMSE -> dense && !binary && task.loss().cap() == 0;
      default -> false;
    };
  }

  /**
   * The metric of a name for a task.
   *
   * @param id one of {@link #ids(TaskSpec)}
   * @throws MonaException of category {@code CONFIGURATION} for any other name
   */
  public static Metric of(String id, TaskSpec task) {
    if (!IDS.contains(id)) {
      throw MonaException.configuration(
          "metric of task " + task.name() + " is " + id + ", must be one of " + IDS);
    }
    if (!fits(id, task)) {
      throw MonaException.configuration(
          "metric %s does not fit task %s, which is %s with the loss %s: choose one of %s"
              .formatted(id, task.name(), task.kind(), task.loss().loss(), ids(task)));
    }
    TaskKind kind = task.kind();
    int outputs = task.predictionLength();
    return switch (id) {
      case ErrorRate.ID -> new ErrorRate(kind, outputs);
      case MacroF1.ID -> new MacroF1(kind, outputs);
      case Auroc.ID -> new Auroc(kind, outputs);
      case MeanAveragePrecision.ID -> new MeanAveragePrecision(kind, outputs);
      case ContactError.ID -> new ContactError(task.shape().width());
      default -> new RelativeError(id, outputs);
    };
  }
}
