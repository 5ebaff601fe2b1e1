package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of one epoch.
 *
 * @param stage its stage
 * @param epoch its index within the stage, from 0
 * @param score validation score, lower is better; NaN without validation
 * @param metrics means over the epoch, by name
 */
public record EpochScore(Stage stage, int epoch, double score, Map<String, Double> metrics) {
  public EpochScore {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch is " + epoch + ", must be >= 0");
    }
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
