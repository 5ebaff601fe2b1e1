package dev.mona.stopping;

import dev.mona.MonaException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Tells a run that was cancelled, in Spark's UI or by its job group, from one that failed. */
public final class Cancellation {
  private static final Pattern MESSAGE = Pattern.compile("Job \\d+ cancelled[^\n]*");
  private static final String SHUT_DOWN = "SparkContext was shut down";
  private static final int DEEPEST = 32;

  private Cancellation() {}

  /**
   * Does nothing for a failure that is none.
   *
   * @throws MonaException for a cancelled run, with Spark's reason
   */
  public static void check(Throwable failure, String location) {
    Throwable at = failure;
    for (int i = 0; i < DEEPEST && at != null; i++) {
      Matcher message = MESSAGE.matcher(String.valueOf(at.getMessage()));
      if (at instanceof SparkException && message.find()) {
        String reason = message.group().strip();
        // what a JVM does, too, that runs out of heap in a task
        String hint =
            reason.endsWith(SHUT_DOWN)
                ? "if nobody stopped it, look for OutOfMemoryError in the log and give it a larger heap; "
                : "";
        throw new MonaException(
            MonaException.Category.ENVIRONMENT,
            "%s was cancelled (%s): %strain --resume %s continues it"
                .formatted(location, reason, hint, location),
            failure);
      }
      at = at.getCause();
    }
  }
}
