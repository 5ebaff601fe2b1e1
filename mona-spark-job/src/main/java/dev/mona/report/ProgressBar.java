package dev.mona.report;

import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Noticed;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.StageStarted;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * One line of the terminal that is overwritten each round: stage, epoch, bar, loss, samples a
 * second and the time left in the stage. A finished epoch leaves its line with its metrics.
 */
public final class ProgressBar implements RunListener {
  private static final int BAR = 20;

  private final PrintStream out;
  private final int columns;
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
  public void stageStarted(StageStarted started) {
    doneRounds = 0;
    doneSeconds = 0;
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    RoundPosition at = ended.at();
    doneRounds++;
    doneSeconds += ended.work().seconds();
    overwrite(
        String.format(
            Locale.ROOT,
            "%s %s %s%s %s/s eta %s",
            text(at.epoch()),
            bar(at.index() + 1, at.of()),
            at.index() + 1 + "/" + at.of(),
            loss(ended.figures()),
            Numbers.significant(ended.work().rate()),
            Numbers.duration(secondsLeft(at))));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    StringBuilder line = new StringBuilder(text(ended.at()));
    line.append(' ').append(Numbers.duration(ended.work().seconds()));
    ended
        .figures()
        .forEach(
            (name, value) ->
                line.append(' ').append(name).append(' ').append(Numbers.significant(value)));
    finish(line.toString());
  }

  @Override
  public void noticed(Noticed noticed) {
    finish(noticed.sentence());
  }

  @Override
  public void runEnded(RunEnded ended) {
    finish(ended.stopReason() + " after " + Numbers.duration(ended.seconds()));
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

  private static String text(EpochPosition epoch) {
    return epoch.stage().id() + " " + (epoch.index() + 1) + "/" + epoch.of();
  }

  private static String loss(Map<String, Double> figures) {
    Double loss = figures.get(RoundEnded.LOSS);
    return loss == null ? "" : " loss " + Numbers.significant(loss);
  }

  private double secondsLeft(RoundPosition at) {
    long left = (long) (at.epoch().of() - at.epoch().index()) * at.of() - at.index() - 1;
    return doneSeconds / doneRounds * left;
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
