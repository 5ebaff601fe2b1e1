package dev.mona.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Evaluation;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunEnded;
import dev.mona.events.RunResumed;
import dev.mona.events.RunStarted;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.events.Spending;
import dev.mona.events.StageStarted;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What trackers are told of a run, and what becomes of the run when they fail. */
@Timeout(60)
class TrackingTest {
  private static final EpochPosition EPOCH = new EpochPosition(Stage.ALIGNMENT, 0, 3);

  @TempDir private Path directory;

  /** Writes down what it is told; fails as often as it is told to. */
  private static final class Noting implements Tracker {
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger failures = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public String name() {
      return "noting";
    }

    @Override
    public void start(RunStarted run, long after) throws IOException {
      hold();
      told.add("start " + run.task() + " after " + after);
    }

    @Override
    public void add(List<Scalar> values) throws IOException {
      hold();
      values.forEach(v -> told.add(v.step() + " " + v.name() + " " + v.value()));
    }

    private void hold() throws IOException {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IOException("out of reach");
      }
    }

    @Override
    public void end(Outcome outcome) {
      told.add(outcome.toString());
    }

    @Override
    public void close() {
      told.add("closed");
    }
  }

  private final Noting tracker = new Noting();

  private Tracking tracking(Duration pause) {
    Tracking tracking = new Tracking(List.of(tracker), new Configuration(), pause);
    tracking.runStarted(new RunStarted(directory.toString(), "waves", "mona", 1));
    return tracking;
  }

  private static RoundEnded round(int index, double loss) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", loss);
    figures.put("cosine", Double.NaN);
    return new RoundEnded(new RoundPosition(EPOCH, index, 4), new Work(10, 0.5), figures);
  }

  private static StageStarted stage() {
    return new StageStarted(Stage.ALIGNMENT, 3, 0, 4);
  }

  private RunEnded ended(StopReason reason) {
    return new RunEnded(
        directory.toString(),
        reason,
        12,
        new Scores(Map.of(Measure.PROBE_ERROR, 0.25)),
        new WallTime(Map.of(Spending.AVERAGING, 1.5)));
  }

  @Test
  void stepsAreRoundsOfTheRunAndWhatIsNotFiniteIsLeftOut() {
    Tracking tracking = tracking(Duration.ZERO);
    tracking.stageStarted(stage());
    tracking.roundEnded(round(0, 0.5));
    tracking.roundEnded(round(1, 0.25));
    tracking.epochEnded(
        new EpochEnded(
            EPOCH,
            new Work(20, 1),
            new Evaluation(0.125, 0),
            Map.of(EpochEnded.VALIDATION_ERROR, 0.75),
            false));
    tracking.runEnded(ended(StopReason.COMPLETED));
    tracking.close();
    assertThat(tracker.told)
        .startsWith(
            "start waves after 0",
            "1 alignment/round/loss 0.5",
            "1 alignment/round/seconds 0.5",
            "2 alignment/round/loss 0.25",
            "2 alignment/round/seconds 0.5",
            "2 alignment/epoch/validation_error 0.75",
            "2 alignment/epoch/seconds 1.0",
            "2 alignment/epoch/validation_seconds 0.125",
            "2 alignment/epoch/measures_seconds 0.0",
            "2 scores/probe_error 0.25")
        .contains("2 wall_seconds/averaging 1.5")
        .endsWith("FINISHED", "closed");
  }

  @Test
  void aRunThatGoesOnCountsTheRoundsBehindIt() throws IOException {
    Files.createDirectories(directory.resolve("metrics"));
    Files.writeString(
        directory.resolve("metrics/rounds.jsonl"),
        """
        {"stage":"warmup","epoch":0,"round":0}
        {"stage":"alignment","epoch":0,"round":0}
        {"stage":"alignment","epoch":0,"round":1}
        {"stage":"alignment","epoch":1,"round":0}
        """);
    Tracking tracking = tracking(Duration.ZERO);
    tracking.runResumed(new RunResumed(Stage.ALIGNMENT, 1, 0));
    tracking.stageStarted(stage());
    tracking.roundEnded(round(0, 0.5));
    tracking.brokenOff(true);
    tracking.close();
    assertThat(tracker.told)
        .startsWith("start waves after 3", "4 alignment/round/loss 0.5")
        .endsWith("KILLED", "closed");
  }

  /** Takes down what the outbox warns of, until it is told to stop. */
  private static Runnable warnings(List<String> lines) {
    Logger logger = (Logger) LogManager.getLogger(Outbox.class);
    Appender appender =
        new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
              lines.add(event.getMessage().getFormattedMessage());
            }
          }
        };
    appender.start();
    logger.addAppender(appender);
    return () -> logger.removeAppender(appender);
  }

  @Test
  void whatFailsIsOneLineAndToldLaterInOrder() {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Runnable detach = warnings(lines);
    tracker.failures.set(1);
    Outbox outbox = new Outbox(tracker, Duration.ofHours(1));
    RunStarted run = new RunStarted("d", "waves", "mona", 1);
    outbox.add(run, 0, List.of(new Scalar("a", 1, 0.5, 0)));
    outbox.add(run, 0, List.of(new Scalar("b", 2, 0.5, 0)));
    outbox.end(run, 0, Outcome.FAILED);
    outbox.await(Duration.ofSeconds(20));
    detach.run();
    assertThat(lines)
        .containsExactly(
            "event=tracking_failed tracker=noting reason=\"out of reach\": the run goes on");
    assertThat(tracker.told)
        .containsExactly("start waves after 0", "1 a 0.5", "2 b 0.5", "FAILED", "closed");
  }

  @Test
  void aTrackerThatHangsHoldsNothingUp() {
    tracker.gate = new CountDownLatch(1);
    Outbox outbox = new Outbox(tracker, Duration.ZERO);
    RunStarted run = new RunStarted("d", "waves", "mona", 1);
    long began = System.nanoTime();
    for (int i = 0; i < 300_000; i++) {
      outbox.add(run, 0, List.of(new Scalar("a", i, 0.5, 0)));
    }
    outbox.end(run, 0, Outcome.FINISHED);
    outbox.await(Duration.ofMillis(200));
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(20);
    assertThat(tracker.told).containsExactly("closed");
  }

  @Test
  void withoutTrackersNothingIsRead() {
    Tracking none = new Tracking(List.of(), new Configuration());
    none.runStarted(new RunStarted("no/such/run", "waves", "mona", 1));
    none.runResumed(new RunResumed(Stage.ALIGNMENT, 1, 0));
    none.roundEnded(round(0, 1));
    none.close();
  }
}
