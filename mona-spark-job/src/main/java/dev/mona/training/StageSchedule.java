package dev.mona.training;

import dev.mona.averaging.Round;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import java.util.Arrays;

/**
 * The rounds of a stage. An epoch has as many optimizer steps as the largest partition has batches,
 * and one round for every {@code frequency} of them; the last round may be shorter.
 *
 * @param stage the stage
 * @param epochs its epochs
 * @param stepsPerEpoch {@code ceil(largest partition / samples of a step)}
 * @param samplesPerStep {@code batch size x accumulation}
 * @param frequency local steps of a round
 */
record StageSchedule(
    Stage stage, int epochs, int stepsPerEpoch, int samplesPerStep, int frequency) {

  static StageSchedule of(Stage stage, StageOptions options, int frequency, int[] partitionSizes) {
    int largest = Arrays.stream(partitionSizes).max().orElse(0);
    int samplesPerStep = Math.multiplyExact(options.batchSize(), options.accumulation());
    return new StageSchedule(
        stage, options.epochs(), ceil(largest, samplesPerStep), samplesPerStep, frequency);
  }

  int roundsPerEpoch() {
    return ceil(stepsPerEpoch, frequency);
  }

  Round round(int epoch, int round) {
    int first = round * frequency;
    return new Round(
        stage,
        epoch,
        epochs,
        round,
        roundsPerEpoch(),
        first,
        Math.min(frequency, stepsPerEpoch - first),
        stepsPerEpoch,
        samplesPerStep);
  }

  private static int ceil(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }
}
