package dev.mona.report;

import dev.mona.events.Spending;
import dev.mona.events.WallTime;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the time went, in one line for people. */
public final class WallTimeLine {
  private WallTimeLine() {}

  /**
   * Such as {@code wall time 100.0 s: local steps 85.0 s (85 %), averaging 2.1 s, ...}, what took
   * longest first; empty where nothing is known.
   */
  public static String of(WallTime time) {
    if (time.seconds().isEmpty()) {
      return "";
    }
    return time.seconds().entrySet().stream()
        .sorted(Map.Entry.<Spending, Double>comparingByValue().reversed())
        .map(part -> part(part.getKey(), part.getValue(), time.total()))
        .collect(Collectors.joining(", ", "wall time " + seconds(time.total()) + ": ", "\n"));
  }

  private static String part(Spending spending, double seconds, double total) {
    String text = spending.id().replace('_', ' ') + " " + seconds(seconds);
    return spending == Spending.LOCAL_STEPS
        ? text + String.format(Locale.ROOT, " (%.0f %%)", 100 * seconds / total)
        : text;
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
