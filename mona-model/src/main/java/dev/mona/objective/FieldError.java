package dev.mona.objective;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.task.FieldNorm;
import dev.mona.task.TargetScale;

/**
 * Losses of whole fields, means over samples of a root. {@value #TINY} is added under each root, so
 * that a prediction that is right has the gradient 0 instead of 0/0; a relative error e is then
 * {@code sqrt(e^2 + 1e-12)}.
 */
final class FieldError {
  /** Added to a squared error in units of the squared label or deviation. */
  static final double TINY = 1e-12;

  private FieldError() {}

  /**
   * Mean over samples of {@code |p - y| / |y|}, which is also {@code sqrt(mean (p - y)^2) /
   * sqrt(mean y^2)}. Samples whose label {@linkplain FieldNorm#isZero is zero} have no relative
   * error and are left out, as by the metric; without any other the loss is 0.
   */
  static Variable relative(Tape tape, Variable predictions, float[] labels) {
    int batch = Math.toIntExact(predictions.shape()[0]);
    int length = labels.length / batch;
    float[] inverse = new float[batch];
    float[] defined = new float[batch];
    int count = 0;
    for (int i = 0; i < batch; i++) {
      double norm = FieldNorm.of(labels, i * length, length);
      if (!FieldNorm.isZero(norm)) {
        inverse[i] = (float) (1 / norm);
        defined[i] = 1;
        count++;
      }
    }
    Variable difference =
        predictions
            .subtract(tape.constant(labels, batch, length))
            .multiply(tape.constant(inverse, batch, 1));
    Variable errors = difference.multiply(difference).sumLast().shift(TINY).power(0.5);
    return errors.multiply(tape.constant(defined, batch, 1)).sum().scale(1.0 / Math.max(1, count));
  }

  /**
   * Mean over samples of {@code sqrt(mean (p - y)^2)}.
   *
   * @param scale whose smallest deviation is the unit of the number under the root
   */
  static Variable rootMeanSquare(
      Tape tape, Variable predictions, float[] labels, TargetScale scale) {
    double unit = scale.sd().stream().mapToDouble(Double::doubleValue).min().orElse(1);
    Variable difference =
        predictions.subtract(tape.constant(labels, predictions.shape())).scale(1 / unit);
    Variable errors = difference.multiply(difference).meanLast().shift(TINY).power(0.5);
    return errors.sum().scale(unit / predictions.shape()[0]);
  }
}
