package dev.mona.deploy.zeppelin;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Notes on a server, run on the short runs. */
final class RunNotes {
  private final ShortRuns runs;
  private final ZeppelinServer zeppelin;
  private final Map<String, NoteRun> ended = new TreeMap<>();

  RunNotes(ShortRuns runs, ZeppelinServer zeppelin) {
    this.runs = runs;
    this.zeppelin = zeppelin;
  }

  /** The fields of a note on one run. */
  Map<String, String> of(String method) {
    return Map.of("Run directory", "file://" + runs.run(method));
  }

  /** Imports a note and runs it; no paragraph fails. */
  NoteRun run(String note, Map<String, String> fields) {
    NoteRun run = zeppelin.run(zeppelin.importNote(note), fields);
    run.assertWhole();
    return run;
  }

  /**
   * A whole note on the short run of MoNA, the third on all of them and one that is missing; once
   * for all tests.
   */
  NoteRun ended(String number) throws IOException {
    NoteRun run = ended.get(number);
    if (run == null) {
      Map<String, String> all =
          Map.of(
              "Run directories",
              "file://" + runs.folder().resolve("runs") + ", file:///no/such/run");
      run = run(Notes.text(number), number.equals("03") ? all : of("mona"));
      ended.put(number, run);
    }
    return run;
  }
}
