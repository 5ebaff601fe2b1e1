package dev.mona.config;

import java.io.Serializable;

/**
 * When finetuning ends early.
 *
 * @param patience epochs without improvement of the validation score after which it stops; 0 for
 *     never
 * @param minimumImprovement decrease of the score that counts as an improvement
 */
public record StoppingConfig(int patience, double minimumImprovement) implements Serializable {

  public StoppingConfig {
    if (patience < 0 || !(minimumImprovement >= 0)) {
      throw new IllegalArgumentException("patience and minimum improvement must be >= 0");
    }
  }

  static final Section SECTION =
      new Section("Early stopping") {
        @Override
        void check(Values values, Problems problems) {
          if (values.has(PATIENCE, TaskConfig.VALIDATION_FRACTION)
              && values.get(PATIENCE) > 0
              && values.get(TaskConfig.VALIDATION_FRACTION) == 0) {
            problems.add(
                values.quote(PATIENCE)
                    + " but task.validation-fraction is 0: hold out validation samples or set the"
                    + " patience to 0");
          }
        }
      };

  static final Key<Integer> PATIENCE =
      SECTION.add(
          Key.atLeast(
              0,
              "stopping.patience",
              "Finetuning epochs without a better validation score before the run stops; 0 for"
                  + " never"));
  static final Key<Double> MINIMUM_IMPROVEMENT =
      SECTION.add(
          Key.notNegative(
              "stopping.minimum-improvement",
              "Decrease of the validation score that counts as better, absolute"));

  static StoppingConfig from(Values values) {
    return new StoppingConfig(values.get(PATIENCE), values.get(MINIMUM_IMPROVEMENT));
  }
}
