package dev.mona.rounds;

import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StepRange;
import java.io.Serializable;
import java.util.Locale;

/**
 * One round of a stage.
 *
 * @param schedule the stage's rounds
 * @param epoch epoch within the stage, from 0
 * @param round round within the epoch, from 0
 */
public record Round(StageSchedule schedule, int epoch, int round) implements Serializable {
  public Round {
    int epochs = schedule.epochs();
    int rounds = schedule.roundsPerEpoch();
    if (epoch < 0 || epoch >= epochs || round < 0 || round >= rounds) {
      throw new IllegalArgumentException(
          "epoch " + epoch + "/" + epochs + ", round " + round + "/" + rounds + " does not exist");
    }
  }

  public Stage stage() {
    return schedule.stage();
  }

  /** Epochs of the stage. */
  public int epochs() {
    return schedule.epochs();
  }

  /** Rounds of the epoch. */
  public int rounds() {
    return schedule.roundsPerEpoch();
  }

  /** Its local steps; partitions with fewer samples run out earlier. */
  public StepRange steps() {
    int first = round * schedule.frequency();
    int perEpoch = schedule.stepsPerEpoch();
    return new StepRange(first, Math.min(schedule.frequency(), perEpoch - first), perEpoch);
  }

  /** One worker's share. */
  public RoundWork work(int partition) {
    return new RoundWork(stage(), epoch, partition, steps());
  }

  /** Steps that a partition of {@code samples} has left in this round. */
  int stepsOf(int samples) {
    int all = (samples + schedule.samplesPerStep() - 1) / schedule.samplesPerStep();
    return Math.max(0, Math.min(steps().count(), all - steps().first()));
  }

  /** This round and those that follow in its epoch, for the Spark UI. */
  String descriptionOfAll(int workers) {
    long before = (long) epoch * rounds();
    return String.format(
        Locale.ROOT,
        "%s rounds %d-%d/%d: average %d workers in place",
        stage().id(),
        before + round + 1,
        before + rounds(),
        (long) epochs() * rounds(),
        workers);
  }

  /**
   * For the Spark UI, counted from 1 over the whole stage: {@code alignment round 12/75: average 8
   * workers}.
   */
  String description(int workers) {
    return String.format(
        Locale.ROOT,
        "%s round %d/%d: average %d workers",
        stage().id(),
        (long) epoch * rounds() + round + 1,
        (long) epochs() * rounds(),
        workers);
  }
}
