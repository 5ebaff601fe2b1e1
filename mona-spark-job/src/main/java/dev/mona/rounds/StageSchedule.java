package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The rounds of a stage. An epoch has as many optimizer steps as the largest partition has batches,
 * and one round for every {@code frequency} of them; the last round may be shorter.
 *
 * @param stage the stage
 * @param epochs its epochs
 * @param stepsPerEpoch {@code ceil(largest partition / samples of a step)}
 * @param samplesPerStep samples of one optimizer step on one worker: {@code batch size x
 *     accumulation}
 * @param frequency local steps of a round
 */
public record StageSchedule(
    Stage stage, int epochs, int stepsPerEpoch, int samplesPerStep, int frequency)
    implements Serializable {
  public StageSchedule {
    if (epochs < 0 || stepsPerEpoch < 0 || samplesPerStep < 1 || frequency < 1) {
      throw new IllegalArgumentException(
          epochs
              + " epochs of "
              + stepsPerEpoch
              + " steps with "
              + samplesPerStep
              + " samples, "
              + frequency
              + " a round, are no schedule");
    }
  }

  /** The schedule over partitions of these sizes. */
  public static StageSchedule of(
      Stage stage, StageOptions options, int frequency, int[] partitionSizes) {
    int largest = Arrays.stream(partitionSizes).max().orElse(0);
    int samplesPerStep = Math.multiplyExact(options.batchSize(), options.accumulation());
    return new StageSchedule(
        stage, options.epochs(), ceil(largest, samplesPerStep), samplesPerStep, frequency);
  }

  public int roundsPerEpoch() {
    return ceil(stepsPerEpoch, frequency);
  }

  /** A round of an epoch; both are counted from 0. */
  public Round round(int epoch, int round) {
    return new Round(this, epoch, round);
  }

  private static int ceil(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }
}
