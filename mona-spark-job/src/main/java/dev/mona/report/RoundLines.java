package dev.mona.report;

import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Noticed;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.StageStarted;
import dev.mona.events.Work;
import java.io.PrintStream;
import java.util.Map;

/** One line of {@code key=value} pairs for each event, for logs and dumb terminals. */
public final class RoundLines implements RunListener {
  private final PrintStream out;

  public RoundLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void stageStarted(StageStarted started) {
    out.println(
        "stage="
            + started.stage().id()
            + " event=started epochs="
            + started.epochs()
            + " first-epoch="
            + (started.firstEpoch() + 1)
            + " rounds-per-epoch="
            + started.roundsPerEpoch());
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    RoundPosition at = ended.at();
    StringBuilder line = begin(at.epoch());
    line.append(" round=").append(at.index() + 1).append('/').append(at.of());
    work(line, ended.work());
    figures(line, ended.figures());
    out.println(line);
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    StringBuilder line = begin(ended.at()).append(" event=ended");
    work(line, ended.work());
    figures(line, ended.figures());
    out.println(line);
  }

  @Override
  public void noticed(Noticed noticed) {
    out.println("event=notice " + noticed.sentence());
  }

  @Override
  public void runEnded(RunEnded ended) {
    StringBuilder line = new StringBuilder();
    line.append("event=run-ended stop-reason=").append(ended.stopReason());
    line.append(" seconds=").append(Numbers.significant(ended.seconds()));
    figures(line, ended.scores().byId());
    out.println(line);
  }

  private static StringBuilder begin(EpochPosition epoch) {
    return new StringBuilder("stage=" + epoch.stage().id() + " epoch=" + (epoch.index() + 1));
  }

  private static void work(StringBuilder line, Work work) {
    line.append(" examples=").append(work.examples());
    line.append(" seconds=").append(Numbers.significant(work.seconds()));
    line.append(" samples-per-second=").append(Numbers.significant(work.rate()));
  }

  private static void figures(StringBuilder line, Map<String, Double> figures) {
    figures.forEach(
        (name, value) ->
            line.append(' ').append(name).append('=').append(Numbers.significant(value)));
  }
}
