package dev.mona.job;

import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunResumed;
import dev.mona.report.JsonHistory;
import dev.mona.report.JsonLines;
import dev.mona.storage.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code metrics/rounds.jsonl} and {@code metrics/epochs.jsonl} of a run. They are kept in memory
 * and written whole before every checkpoint and at a divergence, so that a reader never sees half a
 * line on any file system.
 */
final class MetricsFiles implements RunListener {
  static final String ROUNDS = RunDirectory.METRICS + "/rounds.jsonl";
  static final String EPOCHS = RunDirectory.METRICS + "/epochs.jsonl";
  private static final int LARGEST = 1 << 28;

  private final RunDirectory run;
  private final ByteArrayOutputStream rounds = new ByteArrayOutputStream();
  private final ByteArrayOutputStream epochs = new ByteArrayOutputStream();
  private final JsonLines lines = new JsonLines(rounds, epochs);

  MetricsFiles(RunDirectory run) {
    this.run = run;
  }

  /** Takes over what an earlier attempt wrote up to the checkpoint. */
  @Override
  public void runResumed(RunResumed resumed) {
    keep(rounds, ROUNDS, resumed);
    keep(epochs, EPOCHS, resumed);
  }

  private void keep(ByteArrayOutputStream buffer, String name, RunResumed from) {
    buffer.reset();
    if (run.exists(name)) {
      String text = run.read(name, MetricsFiles::text);
      buffer.writeBytes(
          JsonHistory.before(text, from.stage(), from.epochs(), from.rounds())
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  static String text(InputStream in, long length) throws IOException {
    if (length > LARGEST) {
      throw new IOException("it has " + length + " bytes, and at most " + LARGEST + " are read");
    }
    return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    lines.roundEnded(ended);
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    lines.epochEnded(ended);
  }

  /** Writes what has been told so far, whatever is told meanwhile. */
  @Override
  public Runnable record() {
    byte[] roundLines = rounds.toByteArray();
    byte[] epochLines = epochs.toByteArray();
    return () -> {
      run.write(ROUNDS, out -> out.write(roundLines));
      run.write(EPOCHS, out -> out.write(epochLines));
    };
  }
}
