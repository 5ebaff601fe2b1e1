package dev.mona.metric;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.OptionalDouble;

/**
 * Mean absolute error of predicted distances between residues in long-range contact, in the labels'
 * units (angstrom): over pairs {@code j - i >= 24} of a map with a true distance below 8, the
 * prediction of a pair being {@code (p_ij + p_ji) / 2}. Mean over the pairs of a protein, then over
 * proteins, as PDNET (Adhikari, Scientific Reports 2020) evaluates PSICOV and ORCA after it. Pairs
 * with a label of -1, padding or unresolved, are left out, and so are proteins without such a pair;
 * NaN when none is left or when a prediction is NaN. PDNET's code counts a distance of 8 itself as
 * a contact.
 *
 * @param side residues of a map
 */
record ContactError(int side) implements SampleMetric {
  private static final int SEPARATION = 24;
  private static final float CONTACT = 8;

  /** Whether a task predicts distances: one square map, mean squared loss with a cap. */
  static boolean fits(TaskSpec task) {
    return task.kind() == TaskKind.DENSE
        && task.outputs() == 1
        && task.shape().height() == task.shape().width()
        && task.loss().loss() == Loss.MEAN_SQUARED
        && task.loss().cap() > 0;
  }

  @Override
  public String id() {
    return MetricKind.CONTACT_MAE.id();
  }

  @Override
  public int length() {
    return side * side;
  }

  @Override
  public OptionalDouble error(float[] predictions, float[] labels, int from) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < side; i++) {
      for (int j = i + SEPARATION; j < side; j++) {
        float distance = labels[from + i * side + j];
        if (distance == Labels.UNKNOWN) {
          continue;
        }
        if (!(distance >= 0)) {
          throw MonaException.data(
              "distance of a pair is %s, must be >= 0, or -1 where it is unknown"
                  .formatted(distance));
        }
        if (distance < CONTACT) {
          double both =
              (double) predictions[from + i * side + j] + predictions[from + j * side + i];
          sum += Math.abs(both / 2 - distance);
          pairs++;
        }
      }
    }
    return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / pairs);
  }
}
