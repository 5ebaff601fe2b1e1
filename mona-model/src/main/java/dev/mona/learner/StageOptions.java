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
 * @param optimizer how gradients become steps
 * @param schedule the learning-rate schedule
 */
public record StageOptions(
    int epochs,
    int batchSize,
    int accumulation,
    OptimizerOptions optimizer,
    ScheduleOptions schedule)
    implements Serializable {
  public StageOptions {
    if (epochs < 0 || batchSize < 1 || accumulation < 1) {
      throw new IllegalArgumentException(
          "epochs must be >= 0, batch size and accumulation >= 1: "
              + epochs
              + ", "
              + batchSize
              + ", "
              + accumulation);
    }
    if ((long) batchSize * accumulation > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "batch size " + batchSize + " x accumulation " + accumulation + " is beyond an int");
    }
  }

  /** The same stage switched off. */
  StageOptions off() {
    return new StageOptions(0, batchSize, accumulation, optimizer, schedule);
  }

  /** The same stage with more epochs; its decay, if it has any, ends as many epochs later. */
  StageOptions longer(int more) {
    return new StageOptions(
        epochs + more, batchSize, accumulation, optimizer, schedule.longer(more));
  }
}
