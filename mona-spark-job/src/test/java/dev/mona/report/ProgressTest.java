package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Evaluation;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.events.StageEnded;
import dev.mona.events.StageStarted;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ConsoleOutput console = new ConsoleOutput();

  private static RoundEnded round(int epoch, int round, double seconds, double loss) {
    return new RoundEnded(
        new RoundPosition(new EpochPosition(Stage.WARMUP, epoch, 3), round, 2),
        new Work(64, seconds),
        Map.of("loss", loss));
  }

  private static void play(RunListener listener) {
    listener.stageStarted(new StageStarted(Stage.WARMUP, 3, 0, 2));
    listener.roundEnded(round(0, 0, 2, 0.75));
    listener.roundEnded(round(0, 1, 4, 0.5));
    listener.epochEnded(
        new EpochEnded(
            new EpochPosition(Stage.WARMUP, 0, 3),
            new Work(128, 6.5),
            new Evaluation(0.25, 0.25),
            Map.of("validation.error-rate", 0.25),
            false));
    listener.stageEnded(new StageEnded(Stage.WARMUP));
    listener.runEnded(
        new RunEnded(
            "runs/r1",
            StopReason.COMPLETED,
            70,
            new Scores(Map.of(ScoreName.Measure.PROBE_ERROR, 0.5)),
            WallTime.UNKNOWN));
    listener.close();
  }

  @Test
  void linesAreKeyValuePairs() {
    play(new RoundLines(console.stream));
    assertThat(console.text())
        .isEqualTo(
            """
            stage=warmup event=started epochs=3 first-epoch=1 rounds-per-epoch=2
            stage=warmup epoch=1 round=1/2 examples=64 seconds=2.000 samples-per-second=32.00 loss=0.7500
            stage=warmup epoch=1 round=2/2 examples=64 seconds=4.000 samples-per-second=16.00 loss=0.5000
            stage=warmup epoch=1 event=ended examples=128 seconds=6.500 samples-per-second=19.69 validation.error-rate=0.2500
            event=run-ended stop-reason=COMPLETED seconds=70.00 probe_error=0.5000
            """);
  }

  @Test
  void barOverwritesItsLineAndKeepsOneAnEpoch() {
    play(new ProgressBar(console.stream, 100));
    String[] lines = console.text().split("\n", -1);
    assertThat(lines).hasSize(3);
    // 1 of 6 rounds took 2 s: 5 more take 10 s; then 3 s a round and 4 more
    assertThat(lines[0].split("\r", -1))
        .containsExactly(
            "",
            "warmup 1/3 [##########..........] 1/2 loss 0.7500 32.00/s eta 10s",
            "warmup 1/3 [####################] 2/2 loss 0.5000 16.00/s eta 12s",
            "warmup 1/3 7s validation.error-rate 0.2500" + " ".repeat(23));
    assertThat(lines[1]).isEqualTo("\rCOMPLETED after 1m10s");
    assertThat(lines[2]).isEmpty();
  }

  @Test
  void shorterLineErasesTheRestOfALongerOne() {
    ProgressBar bar = new ProgressBar(console.stream, 100);
    bar.roundEnded(round(0, 0, 1, 1e-9));
    bar.roundEnded(round(0, 1, 1, 1));
    String[] writes = console.text().split("\r", -1);
    assertThat(writes[2]).hasSameSizeAs(writes[1]);
  }

  @Test
  void barIsCutToTheTerminalAndEndsItsLineOnFailure() {
    ProgressBar bar = new ProgressBar(console.stream, 30);
    bar.roundEnded(round(0, 0, 1, 1));
    assertThat(console.text()).startsWith("\r").hasSize(30);
    bar.close();
    assertThat(console.text()).endsWith("\n");
  }

  @Test
  void timeLeftOfAResumedStageLeavesTheDoneEpochsOut() {
    ProgressBar bar = new ProgressBar(console.stream, 100);
    bar.stageStarted(new StageStarted(Stage.WARMUP, 3, 2, 2));
    bar.roundEnded(round(2, 0, 5, 1));
    assertThat(console.text()).contains("warmup 3/3").endsWith("eta 5s");
  }

  @Test
  void barOnlyOnATerminalThatCanOverwrite() {
    assertThat(ConsoleProgress.choose(console.stream, true, Map.of("TERM", "xterm")))
        .isInstanceOf(ProgressBar.class);
    assertThat(ConsoleProgress.choose(console.stream, true, Map.of("TERM", "dumb")))
        .isInstanceOf(RoundLines.class);
    assertThat(ConsoleProgress.choose(console.stream, true, Map.of()))
        .isInstanceOf(RoundLines.class);
    assertThat(ConsoleProgress.choose(console.stream, false, Map.of("TERM", "xterm")))
        .isInstanceOf(RoundLines.class);
  }
}
