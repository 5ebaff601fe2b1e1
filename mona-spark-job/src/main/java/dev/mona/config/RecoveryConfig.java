package dev.mona.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a run is stopped, and what it does about trouble around it. None of it changes a result.
 *
 * @param everyRounds rounds between two checkpoints within an epoch; 0 for none
 * @param every time between two checkpoints within an epoch; zero for none
 * @param stop how long the round under way may take when the run is asked to stop
 * @param stall how long a round may make no progress; zero for ever
 * @param retry how long writing to the run's directory is tried again; zero for never
 */
public record RecoveryConfig(
    int everyRounds, Duration every, Duration stop, Duration stall, Duration retry)
    implements Serializable {

  public RecoveryConfig {
    if (everyRounds < 0
        || every.isNegative()
        || stop.isNegative()
        || stall.isNegative()
        || retry.isNegative()) {
      throw new IllegalArgumentException("rounds and times of recovery must be >= 0");
    }
  }

  private static final double LONGEST_SECONDS = 3e9;

  static final Section SECTION = new Section("Checkpoints, stopping and recovery");

  static final Key<Integer> EVERY_ROUNDS =
      SECTION.add(
          Key.atLeast(
                  0,
                  "checkpoint.every-rounds",
                  "Rounds after which a checkpoint is written within an epoch, while the next"
                      + " round runs; 0 for none. There is always one at the end of an epoch")
              .notDecisive());
  static final Key<Double> EVERY_MINUTES =
      SECTION.add(
          Key.notNegative(
                  "checkpoint.every-minutes",
                  "Minutes after which a checkpoint is written within an epoch, while the next"
                      + " round runs; 0 for none")
              .notDecisive());
  static final Key<Double> STOP_SECONDS =
      SECTION.add(
          Key.notNegative(
                  "run.stop-seconds",
                  "Seconds that the current round may take when the run is asked to stop"
                      + " (SIGTERM, SIGINT); then it is abandoned. With the checkpoint that follows"
                      + " it should fit the time between SIGTERM and SIGKILL, 30 s on Kubernetes")
              .notDecisive());
  static final Key<Double> STALL_MINUTES =
      SECTION.add(
          Key.notNegative(
                  "run.stall-minutes",
                  "Minutes without a finished task or local step after which a round, and with it"
                      + " the run, ends with the names of the tasks that hang; 0 for never")
              .notDecisive());
  static final Key<Double> RETRY_MINUTES =
      SECTION.add(
          Key.notNegative(
                  "run.retry-minutes",
                  "Minutes for which a file of the run is written again when its file system cannot"
                      + " be reached; 0 for never. A full disk, a quota and missing rights end the"
                      + " run at once")
              .notDecisive());

  static RecoveryConfig from(Values values) {
    return new RecoveryConfig(
        values.get(EVERY_ROUNDS),
        seconds(60 * values.get(EVERY_MINUTES)),
        seconds(values.get(STOP_SECONDS)),
        seconds(60 * values.get(STALL_MINUTES)),
        seconds(60 * values.get(RETRY_MINUTES)));
  }

  /** To the millisecond, and at most a century, which clocks of nanoseconds can still count. */
  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (1000 * Math.min(seconds, LONGEST_SECONDS)));
  }
}
