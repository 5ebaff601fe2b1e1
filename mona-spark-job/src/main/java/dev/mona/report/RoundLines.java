package dev.mona.report;

import java.io.PrintStream;
import java.util.Map;

/** One line of {@code key=value} pairs for each event, for logs and dumb terminals. */
public final class RoundLines implements RunListener {
  private final PrintStream out;

  public RoundLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void stageStarted(StageRecord stage) {
    out.println(
        "stage="
            + stage.stage().id()
            + " event=started epochs="
            + stage.epochs()
            + " first-epoch="
            + (stage.firstEpoch() + 1)
            + " rounds-per-epoch="
            + stage.roundsPerEpoch());
  }

  @Override
  public void roundEnded(RoundRecord round) {
    StringBuilder line = new StringBuilder();
    line.append("stage=").append(round.stage().id());
    line.append(" epoch=").append(round.epoch() + 1);
    line.append(" round=").append(round.round() + 1).append('/').append(round.ofRounds());
    work(line, round.examples(), round.seconds());
    metrics(line, round.metrics());
    out.println(line);
  }

  @Override
  public void epochEnded(EpochRecord epoch) {
    StringBuilder line = new StringBuilder();
    line.append("stage=").append(epoch.stage().id());
    line.append(" epoch=").append(epoch.epoch() + 1).append(" event=ended");
    work(line, epoch.examples(), epoch.seconds());
    metrics(line, epoch.metrics());
    out.println(line);
  }

  @Override
  public void noticed(String sentence) {
    out.println("event=notice " + sentence);
  }

  @Override
  public void runEnded(RunRecord run) {
    StringBuilder line = new StringBuilder();
    line.append("event=run-ended stop-reason=").append(run.stopReason());
    line.append(" seconds=").append(Numbers.significant(run.seconds()));
    metrics(line, run.metrics());
    out.println(line);
  }

  private static void work(StringBuilder line, long examples, double seconds) {
    line.append(" examples=").append(examples);
    line.append(" seconds=").append(Numbers.significant(seconds));
    line.append(" samples-per-second=")
        .append(Numbers.significant(Numbers.rate(examples, seconds)));
  }

  private static void metrics(StringBuilder line, Map<String, Double> metrics) {
    metrics.forEach(
        (name, value) ->
            line.append(' ').append(name).append('=').append(Numbers.significant(value)));
  }
}
