package dev.mona.metric;

import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;

/**
 * The {@linkplain MetricKind#ERROR_RATE error rate} with the counts that it comes from, for a table
 * of what was taken for what.
 *
 * @param kind what is predicted; not {@link TaskKind#DENSE}
 * @param outputs number of classes or labels
 */
public record Confusion(TaskKind kind, int outputs) implements Metric {
  /** Of a task with classes or labels. */
  public static Confusion of(TaskSpec task) {
    return new Confusion(task.kind(), task.predictionLength());
  }

  public Confusion {
    if (kind == TaskKind.DENSE) {
      throw new IllegalArgumentException("a field holds no decisions");
    }
  }

  @Override
  public String id() {
    return MetricKind.ERROR_RATE.id();
  }

  @Override
  public ConfusionCounts start() {
    return new ConfusionCounts(this);
  }
}
