package dev.mona.objective;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.task.Loss;
import dev.mona.task.TaskSpec;
import java.util.List;
import java.util.Locale;

/** L_inner: the loss of a target task, mean over the batch. */
public final class TaskLoss {
  /** Label of an output that the loss leaves out. */
  private static final float UNKNOWN = -1;

  private TaskLoss() {}

  /**
   * Records the task's loss, one of {@link Loss}. A mean over nothing, where every label of the
   * batch is left out, is 0.
   *
   * @param predictions {@code [batch, predictionLength]}: logits, or values in the labels' units
   * @param labels {@code [batch, labelLength]} row-major
   * @return the loss, shape {@code [1]}
   */
  public static Variable of(Tape tape, TaskSpec task, Variable predictions, float[] labels) {
    return switch (task.loss().loss()) {
      case CROSS_ENTROPY -> crossEntropy(tape, predictions, labels, task.loss().classWeights());
      case BINARY_CROSS_ENTROPY ->
          binaryCrossEntropy(tape, predictions, labels, task.loss().positiveWeight());
      case MEAN_SQUARED -> meanSquared(tape, predictions, labels, task.loss().cap());
      case RELATIVE_L2, NRMSE -> FieldError.relative(tape, predictions, labels);
      case RMSE -> FieldError.rootMeanSquare(tape, predictions, labels, task.scale());
    };
  }

  private static Variable crossEntropy(
      Tape tape, Variable logits, float[] labels, List<Double> weights) {
    int batch = labels.length;
    int outputs = Math.toIntExact(logits.shape()[1]);
    float[] picked = new float[batch * outputs];
    for (int i = 0; i < batch; i++) {
      int label = (int) labels[i];
      if (label != labels[i] || label < 0 || label >= outputs) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "label %s of sample %d is none of the classes 0 to %d",
                labels[i],
                i,
                outputs - 1));
      }
      double weight = weights.isEmpty() ? 1 : weights.get(label);
      picked[i * outputs + label] = (float) (-weight / batch);
    }
    return logits.logSoftmax().multiply(tape.constant(picked, batch, outputs)).sum();
  }

  /** {@code mean(w y softplus(-z) + (1 - y) softplus(z))} over the labels that are known. */
  private static Variable binaryCrossEntropy(
      Tape tape, Variable logits, float[] labels, double positiveWeight) {
    long[] shape = logits.shape();
    float[] positive = new float[labels.length];
    float[] negative = new float[labels.length];
    int known = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != UNKNOWN) {
        positive[i] = (float) (positiveWeight * labels[i]);
        negative[i] = 1 - labels[i];
        known++;
      }
    }
    Variable missed = logits.scale(-1).softplus().multiply(tape.constant(positive, shape));
    Variable raised = logits.softplus().multiply(tape.constant(negative, shape));
    return missed.add(raised).sum().scale(1.0 / Math.max(1, known));
  }

  /** {@code mean (p - min(y, cap))^2} over the labels that are known; cap 0: all, as they are. */
  private static Variable meanSquared(Tape tape, Variable predictions, float[] labels, double cap) {
    long[] shape = predictions.shape();
    if (cap == 0) {
      Variable difference = predictions.subtract(tape.constant(labels, shape));
      return difference.multiply(difference).sum().scale(1.0 / labels.length);
    }
    float[] capped = new float[labels.length];
    float[] mask = new float[labels.length];
    int known = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != UNKNOWN) {
        capped[i] = (float) Math.min(labels[i], cap);
        mask[i] = 1;
        known++;
      }
    }
    Variable difference =
        predictions.subtract(tape.constant(capped, shape)).multiply(tape.constant(mask, shape));
    return difference.multiply(difference).sum().scale(1.0 / Math.max(1, known));
  }
}
