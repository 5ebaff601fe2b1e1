package dev.mona.tracking;

import dev.mona.events.RunResumed;
import dev.mona.report.JsonHistory;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/** How many rounds of all stages a run has behind it, by its {@code metrics/rounds.jsonl}. */
final class EndedRounds {
  private static final String ROUNDS = RunDirectory.METRICS + "/rounds.jsonl";
  private static final int LARGEST = 1 << 28;

  private EndedRounds() {}

  /**
   * Those before the checkpoint that a run goes on from.
   *
   * @throws dev.mona.MonaException if the file cannot be read
   */
  static long before(RunResumed resumed, String directory, Configuration hadoop) {
    try (RunDirectory run = RunDirectory.open(directory, hadoop)) {
      if (!run.exists(ROUNDS)) {
        return 0;
      }
      String text = run.read(ROUNDS, EndedRounds::text);
      return JsonHistory.before(text, resumed.stage(), resumed.epochs(), resumed.rounds())
          .lines()
          .count();
    }
  }

  private static String text(InputStream in, long length) throws IOException {
    if (length > LARGEST) {
      throw new IOException("it has " + length + " bytes, and at most " + LARGEST + " are read");
    }
    return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
  }
}
