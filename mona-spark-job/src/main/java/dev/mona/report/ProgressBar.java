package dev.mona.report;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the terminal that is overwritten each round: stage, epoch, bar, loss, samples a
 * second and the time left in the stage. A finished epoch leaves its line with its metrics.
 */
public final class ProgressBar implements RunListener {
  private static final int BAR = 20;

  private final PrintStream out;
  private final int columns;
  private @Nullable StageRecord stage;
  private long doneRounds;
  private double doneSeconds;
  private int shown;

  /**
   * @param out the terminal
   * @param columns its width; longer lines are cut, since a wrapped line cannot be overwritten
   */
  public ProgressBar(PrintStream out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  @Override
  public void stageStarted(StageRecord started) {
    stage = started;
    doneRounds = 0;
    doneSeconds = 0;
  }

  @Override
  public void roundEnded(RoundRecord round) {
    doneRounds++;
    doneSeconds += round.seconds();
    overwrite(
        String.format(
            Locale.ROOT,
            "%s %s %s%s %s/s eta %s",
            position(round.stage().id(), round.epoch()),
            bar(round.round() + 1, round.ofRounds()),
            round.round() + 1 + "/" + round.ofRounds(),
            loss(round.metrics()),
            Numbers.significant(Numbers.rate(round.examples(), round.seconds())),
            Numbers.duration(secondsLeft(round))));
  }

  @Override
  public void epochEnded(EpochRecord epoch) {
    StringBuilder line = new StringBuilder(position(epoch.stage().id(), epoch.epoch()));
    line.append(' ').append(Numbers.duration(epoch.seconds()));
    epoch
        .metrics()
        .forEach(
            (name, value) ->
                line.append(' ').append(name).append(' ').append(Numbers.significant(value)));
    finish(line.toString());
  }

  @Override
  public void noticed(String sentence) {
    finish(sentence);
  }

  @Override
  public void runEnded(RunRecord run) {
    finish(run.stopReason() + " after " + Numbers.duration(run.seconds()));
  }

  /** Leaves the cursor at the start of a line, also when the run fails within an epoch. */
  @Override
  public void close() {
    if (shown > 0) {
      out.println();
      shown = 0;
    }
    out.flush();
  }

  static String bar(int done, int of) {
    int full = (int) ((long) BAR * done / of);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  private String position(String id, int epoch) {
    return stage == null ? id + " " + (epoch + 1) : id + " " + (epoch + 1) + "/" + stage.epochs();
  }

  private static String loss(Map<String, Double> metrics) {
    Double loss = metrics.get("loss");
    return loss == null ? "" : " loss " + Numbers.significant(loss);
  }

  private double secondsLeft(RoundRecord round) {
    if (stage == null) {
      return Double.NaN;
    }
    long left = (long) (stage.epochs() - round.epoch()) * round.ofRounds() - round.round() - 1;
    return doneSeconds / doneRounds * Math.max(0, left);
  }

  private void overwrite(String line) {
    String cut = line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
    out.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
    out.flush();
    shown = cut.length();
  }

  private void finish(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    out.println();
    out.flush();
    shown = 0;
  }
}
