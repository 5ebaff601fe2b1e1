package dev.mona.averaging;

import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import java.io.Serializable;
import java.util.Locale;

/**
 * One round of a stage.
 *
 * @param stage the stage
 * @param epoch epoch within the stage, from 0
 * @param epochs epochs of the stage
 * @param round round within the epoch, from 0
 * @param rounds rounds of the epoch
 * @param firstStep index within the epoch of the round's first local step
 * @param steps local steps of the round; partitions with fewer samples run out earlier
 * @param stepsPerEpoch local steps of the largest partition in one epoch
 * @param samplesPerStep samples of one optimizer step on one worker
 */
public record Round(
    Stage stage,
    int epoch,
    int epochs,
    int round,
    int rounds,
    int firstStep,
    int steps,
    int stepsPerEpoch,
    int samplesPerStep)
    implements Serializable {
  public Round {
    if (epoch < 0 || epoch >= epochs || round < 0 || round >= rounds) {
      throw new IllegalArgumentException(
          "epoch " + epoch + "/" + epochs + ", round " + round + "/" + rounds + " does not exist");
    }
    if (firstStep < 0 || steps < 1 || firstStep + steps > stepsPerEpoch || samplesPerStep < 1) {
      throw new IllegalArgumentException(
          steps + " steps from " + firstStep + " do not fit an epoch of " + stepsPerEpoch);
    }
  }

  /** One worker's share. */
  RoundWork work(int partition) {
    return new RoundWork(stage, epoch, firstStep, steps, partition, stepsPerEpoch);
  }

  /** Steps that a partition of {@code samples} has left in this round. */
  int stepsOf(int samples) {
    int all = (samples + samplesPerStep - 1) / samplesPerStep;
    return Math.max(0, Math.min(steps, all - firstStep));
  }

  /**
   * For the Spark UI, counted from 1 over the whole stage: {@code alignment round 12/75: average 8
   * workers}.
   */
  String description(int workers) {
    return String.format(
        Locale.ROOT,
        "%s round %d/%d: average %d workers",
        stage.id(),
        (long) epoch * rounds + round + 1,
        (long) epochs * rounds,
        workers);
  }
}
