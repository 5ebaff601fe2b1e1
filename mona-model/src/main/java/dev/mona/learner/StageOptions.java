package dev.mona.learner;

import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.WeightAverage;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /**
   * What the stage makes of a state: its parameters, or their average where the stage keeps one.
   * This is what is scored, measured, selected and written, while training goes on from the state.
   *
   * @param lengths parameters of each group of the state, in its order
   * @return {@code [n]}; the state's own array where there is no average
   */
  public float[] result(TrainingState state, int... lengths) {
    if (optimizer.average() == null || state.iteration() == 0) {
      return state.parameters();
    }
    float[] result = new float[state.parameters().length];
    int at = 0;
    int to = 0;
    for (int length : lengths) {
      to += Math.toIntExact(optimizer.momentLength(length));
      System.arraycopy(state.moments(), to - length, result, at, length);
      at += length;
    }
    if (at != result.length || to != state.moments().length) {
      throw new IllegalArgumentException(
          "groups of " + Arrays.toString(lengths) + " parameters are not those of " + state);
    }
    return result;
  }

  /** The same stage with an average of its parameters, or none. */
  public StageOptions with(@Nullable WeightAverage average) {
    return new StageOptions(epochs, batchSize, accumulation, optimizer.with(average), schedule);
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
