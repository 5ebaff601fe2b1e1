package dev.mona.metric;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.List;

/** The metrics by name. */
public final class Metrics {
  private static final List<String> IDS =
      List.of(ErrorRate.ID, MacroF1.ID, Auroc.ID, MeanAveragePrecision.ID);

  private Metrics() {}

  /** All names, in a fixed order. */
  public static List<String> ids() {
    return IDS;
  }

  /**
   * The metric of a name for a task.
   *
   * @param id one of {@link #ids()}
   * @throws MonaException of category {@code CONFIGURATION} for any other name
   */
  public static Metric of(String id, TaskSpec task) {
    TaskKind kind = task.kind();
    int outputs = task.outputs();
    return switch (id) {
      case ErrorRate.ID -> new ErrorRate(kind, outputs);
      case MacroF1.ID -> new MacroF1(kind, outputs);
      case Auroc.ID -> new Auroc(kind, outputs);
      case MeanAveragePrecision.ID -> new MeanAveragePrecision(kind, outputs);
      default ->
          throw MonaException.configuration(
              "metric of task " + task.name() + " is " + id + ", must be one of " + IDS);
    };
  }
}
