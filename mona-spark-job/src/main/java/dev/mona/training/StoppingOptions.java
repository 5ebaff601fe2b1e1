package dev.mona.training;

/**
 * When finetuning ends early.
 *
 * @param patience epochs in a row without improvement that end it; 0 for never
 * @param minimumImprovement by how much the validation score has to fall to count as improvement,
 *     {@code >= 0}
 */
public record StoppingOptions(int patience, double minimumImprovement) {

  /** Runs all epochs. */
  public static final StoppingOptions NEVER = new StoppingOptions(0, 0);

  public StoppingOptions {
    if (patience < 0 || !(minimumImprovement >= 0)) {
      throw new IllegalArgumentException(
          "patience is "
              + patience
              + " and minimum improvement "
              + minimumImprovement
              + ", must be >= 0");
    }
  }
}
