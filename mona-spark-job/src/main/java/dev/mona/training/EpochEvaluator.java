package dev.mona.training;

import dev.mona.learner.Stage;
import java.util.Map;

/** Adds to the metrics of an epoch, e.g. the forgetting gap. Runs on the driver. */
@FunctionalInterface
public interface EpochEvaluator {
  EpochEvaluator NONE = (stage, epoch, parameters) -> Map.of();

  /**
   * Evaluates the model at the end of an epoch.
   *
   * @param epoch its index within the stage, from 0
   * @return values by name; the same for the same arguments
   */
  Map<String, Double> evaluate(Stage stage, int epoch, ModelParameters parameters);
}
