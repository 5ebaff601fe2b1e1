package dev.mona.cli.failure;

import dev.mona.MonaException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Failures as one sentence and an exit code.
 *
 * @param err where the sentence goes
 * @param verbose whether the stack trace follows it
 */
public record Failures(PrintWriter err, boolean verbose) {
  private static final int DEEPEST = 32;

  public int report(Throwable failure) {
    MonaException known = known(failure);
    ExitCode code;
    if (known != null) {
      err.println("mona: " + known.getMessage());
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

  /** Spark wraps what a task throws. */
  private static @Nullable MonaException known(Throwable failure) {
    Throwable at = failure;
    for (int i = 0; i < DEEPEST && at != null; i++) {
      if (at instanceof MonaException found) {
        return found;
      }
      at = at.getCause();
    }
    return null;
  }
}
