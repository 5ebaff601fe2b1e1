package dev.mona.cli.failure;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.config.SettingKeys;
import java.io.PrintWriter;

/**
 * Failures as one sentence and an exit code.
 *
 * @param err where the sentence goes
 * @param verbose whether the stack trace follows it
 */
public record Failures(PrintWriter err, boolean verbose) {
  public int report(Throwable failure) {
    // Spark wraps what a task throws
    MonaException known = Causes.first(failure, MonaException.class).orElse(null);
    ExitCode code;
    if (known != null) {
      err.println("mona: " + SettingKeys.sentence(known));
      code = ExitCode.of(known.category());
    } else {
      ForeignFailure foreign = ForeignFailure.of(failure);
      err.println(
          "mona: "
              + (foreign == null
                  ? "unexpected "
                      + ForeignFailure.line(failure)
                      + (verbose ? "" : ": --verbose shows where it happened")
                  : foreign.sentence()));
      code = foreign == null ? ExitCode.FAILURE : foreign.code();
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code.code();
  }
}
