package dev.mona.metric;

import dev.mona.task.TaskKind;

/**
 * An accumulator that counts decisions: the class of the largest logit, or a label for each logit
 * {@code > 0}.
 */
abstract class Decisions implements Accumulator {
  private static final long serialVersionUID = 1L;

  private final TaskKind kind;
  private final int outputs;

  Decisions(TaskKind kind, int outputs) {
    this.kind = kind;
    this.outputs = outputs;
  }

  @Override
  public final void add(float[] logits, float[] labels, int n) {
    switch (kind) {
      case CLASSIFICATION -> {
        Labels.checkBatch(logits, labels, n, outputs, 1);
        for (int i = 0; i < n; i++) {
          choice(
              Labels.classIndex(labels[i], outputs), Labels.argMax(logits, i * outputs, outputs));
        }
      }
      case DENSE -> throw new IllegalStateException("a field holds no decisions");
      case MULTI_LABEL -> {
        Labels.checkBatch(logits, labels, n, outputs, outputs);
        for (int i = 0; i < n * outputs; i++) {
          label(i % outputs, Labels.isPositive(labels[i]), logits[i]);
        }
      }
    }
  }

  /**
   * Counts the choice of one class of many.
   *
   * @param label the right class
   * @param decision the chosen one; -1 when a logit is NaN
   */
  abstract void choice(int label, int decision);

  /**
   * Counts the decision on one label.
   *
   * @param output which label
   * @param positive whether it is 1
   * @param logit its logit, perhaps NaN
   */
  abstract void label(int output, boolean positive, float logit);
}
