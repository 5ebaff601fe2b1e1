package dev.mona.training;

/**
 * When training ends early.
 *
 * @param patience finetuning epochs in a row without improvement that end it; 0 for never
 * @param minimumImprovement by how much the validation score has to fall to count as improvement,
 *     {@code >= 0}
 * @param droppedSteps steps in a row that no worker could take, because loss or gradient were not
 *     finite, which end it; 0 for never
 */
public record StoppingOptions(int patience, double minimumImprovement, int droppedSteps) {

  /** Runs all epochs. */
  public static final StoppingOptions NEVER = new StoppingOptions(0, 0, 0);

  public StoppingOptions {
    if (patience < 0 || droppedSteps < 0 || !(minimumImprovement >= 0)) {
      throw new IllegalArgumentException(
          "patience is "
              + patience
              + " and minimum improvement "
              + minimumImprovement
              + ", dropped steps "
              + droppedSteps
              + ", must be >= 0");
    }
  }
}
