package dev.mona.learner;

import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import java.io.Serializable;

/**
 * How one stage trains.
 *
 * @param epochs passes over the target training data; 0 switches the stage off
 * @param batchSize samples of one forward and backward pass on one worker
 * @param accumulation passes whose mean gradient makes one optimizer step
 * @param optimizer the update rule
 * @param schedule the learning-rate schedule
 * @param clipNorm bound of the gradient's global norm; 0 for none
 */
public record StageOptions(
    int epochs,
    int batchSize,
    int accumulation,
    OptimizerOptions optimizer,
    ScheduleOptions schedule,
    double clipNorm)
    implements Serializable {
  public StageOptions {
    if (epochs < 0 || batchSize < 1 || accumulation < 1 || !(clipNorm >= 0)) {
      throw new IllegalArgumentException(
          "epochs and clip norm must be >= 0, batch size and accumulation >= 1");
    }
    if ((long) batchSize * accumulation > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "batch size " + batchSize + " x accumulation " + accumulation + " is beyond an int");
    }
  }
}
