package dev.mona.gauges;

import dev.mona.learner.Stage;
import dev.mona.report.RoundRecord;
import dev.mona.report.RunListener;
import dev.mona.report.StageRecord;

/** Where the run of this driver is. Told by the driver's thread, read by any. */
public final class RunProgress implements RunListener {

  /**
   * What was told last. Rates and times are those of the round that ended last, NaN before the
   * first.
   *
   * @param stage 1 warm-up, 2 alignment, 3 finetuning, 0 outside of stages
   * @param epoch epoch of the stage that is in progress, from 1; 0 outside of stages
   * @param rounds rounds of the whole stage
   * @param round rounds of the stage that have ended
   * @param loss mean task loss
   * @param samplesPerSecond target samples seen by all workers in a second
   * @param roundSeconds wall-clock time
   * @param averagingSeconds the part of it in which the slowest worker's local steps were not
   *     running
   */
  record Now(
      int stage,
      int epoch,
      long rounds,
      long round,
      double loss,
      double samplesPerSecond,
      double roundSeconds,
      double averagingSeconds) {
    static final Now NOTHING = new Now(0, 0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  private volatile Now now = Now.NOTHING;

  RunProgress() {}

  Now now() {
    return now;
  }

  @Override
  public void stageStarted(StageRecord started) {
    long perEpoch = started.roundsPerEpoch();
    Now before = now;
    now =
        new Now(
            number(started.stage()),
            started.firstEpoch() + 1,
            perEpoch * started.epochs(),
            perEpoch * started.firstEpoch(),
            before.loss,
            before.samplesPerSecond,
            before.roundSeconds,
            before.averagingSeconds);
  }

  @Override
  public void roundEnded(RoundRecord round) {
    Now before = now;
    now =
        new Now(
            before.stage,
            round.epoch() + 1,
            before.rounds,
            (long) round.epoch() * round.ofRounds() + round.round() + 1,
            value(round, "loss"),
            round.examples() / round.seconds(),
            round.seconds(),
            value(round, "averaging_seconds"));
  }

  private static int number(Stage stage) {
    return switch (stage) {
      case WARMUP -> 1;
      case ALIGNMENT -> 2;
      case FINETUNING -> 3;
    };
  }

  private static double value(RoundRecord round, String name) {
    return round.metrics().getOrDefault(name, Double.NaN);
  }

  /** Back to nothing, so that a JVM that goes on with other work shows no run. */
  @Override
  public void close() {
    now = Now.NOTHING;
  }
}
