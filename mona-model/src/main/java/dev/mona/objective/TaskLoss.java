package dev.mona.objective;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.task.TaskSpec;

/** L_inner: the loss of a target task, mean over the batch. */
public final class TaskLoss {
  private TaskLoss() {}

  /**
   * Cross entropy for one class of many; binary cross entropy with weighted positives, mean over
   * the labels, for many labels at once.
   *
   * @param logits {@code [batch, outputs]}
   * @param labels {@code [batch, labelLength]} row-major
   * @return the loss, shape {@code [1]}
   */
  public static Variable of(Tape tape, TaskSpec task, Variable logits, float[] labels) {
    return switch (task.kind()) {
      case CLASSIFICATION -> crossEntropy(tape, logits, labels);
      case MULTI_LABEL, DENSE ->
          binaryCrossEntropy(tape, logits, labels, task.loss().positiveWeight());
    };
  }

  private static Variable crossEntropy(Tape tape, Variable logits, float[] labels) {
    int batch = labels.length;
    int outputs = Math.toIntExact(logits.shape()[1]);
    float[] picked = new float[batch * outputs];
    for (int i = 0; i < batch; i++) {
      int label = (int) labels[i];
      if (label != labels[i] || label < 0 || label >= outputs) {
        throw new IllegalArgumentException(
            "label %s of sample %d is none of the classes 0 to %d"
                .formatted(labels[i], i, outputs - 1));
      }
      picked[i * outputs + label] = -1f / batch;
    }
    return logits.logSoftmax().multiply(tape.constant(picked, batch, outputs)).sum();
  }

  /** {@code mean(w y softplus(-z) + (1 - y) softplus(z))}. */
  private static Variable binaryCrossEntropy(
      Tape tape, Variable logits, float[] labels, double positiveWeight) {
    long[] shape = logits.shape();
    int n = labels.length;
    float[] positive = new float[n];
    float[] negative = new float[n];
    for (int i = 0; i < n; i++) {
      positive[i] = (float) (positiveWeight * labels[i] / n);
      negative[i] = (1 - labels[i]) / n;
    }
    Variable missed = logits.scale(-1).softplus().multiply(tape.constant(positive, shape));
    Variable raised = logits.softplus().multiply(tape.constant(negative, shape));
    return missed.add(raised).sum();
  }
}
