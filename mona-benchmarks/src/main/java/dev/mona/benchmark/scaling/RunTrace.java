package dev.mona.benchmark.scaling;

import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.StageStarted;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A listener of a run that writes down when things happened, for the scripts that make tables of
 * it. The file is the system property {@code trace}; its lines have eight fields that tabs
 * separate: the time in milliseconds, {@code stage}, {@code round}, {@code epoch} or {@code end},
 * the epoch, samples seen, seconds that training took, those of averaging (of rounds), and bytes
 * that the driver sent and received since the last line with such (of epochs).
 */
public final class RunTrace implements RunListener {
  private final PrintWriter out;
  private Sockets before = new Sockets(0, 0);

  public RunTrace() {
    Path file = Path.of(System.getProperty("trace", "trace.tsv"));
    try {
      out = new PrintWriter(Files.newBufferedWriter(file), true);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  @Override
  public void stageStarted(StageStarted started) {
    before = Sockets.now();
    line("stage", 0, 0, 0, 0, new Sockets(0, 0));
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    line(
        "round",
        ended.at().epoch().index(),
        ended.work().examples(),
        ended.work().seconds(),
        ended.figure(RoundEnded.AVERAGING_SECONDS),
        new Sockets(0, 0));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    Sockets now = Sockets.now();
    double evaluation = ended.evaluation().validation() + ended.evaluation().measures();
    line(
        "epoch",
        ended.at().index(),
        ended.work().examples(),
        ended.work().seconds() - evaluation,
        0,
        now.since(before));
    before = now;
  }

  @Override
  public void runEnded(RunEnded ended) {
    line("end", 0, 0, ended.seconds(), 0, new Sockets(0, 0));
  }

  @Override
  public void close() {
    out.close();
  }

  private void line(
      String event, int epoch, long examples, double seconds, double averaging, Sockets driver) {
    out.println(
        String.join(
            "\t",
            String.valueOf(System.currentTimeMillis()),
            event,
            String.valueOf(epoch),
            String.valueOf(examples),
            String.valueOf(seconds),
            String.valueOf(averaging),
            String.valueOf(driver.sent()),
            String.valueOf(driver.received())));
  }
}
