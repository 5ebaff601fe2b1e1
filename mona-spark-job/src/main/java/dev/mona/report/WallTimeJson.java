package dev.mona.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.events.Spending;
import dev.mona.events.WallTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the time went, within {@code summary.json}. */
public final class WallTimeJson {
  /** Field of a summary that holds it. */
  public static final String FIELD = "wall_seconds";

  private WallTimeJson() {}

  /** That of a summary; what is no time is left out, as from older runs, which have none. */
  public static WallTime of(JsonNode summary) {
    Map<Spending, Double> seconds = new EnumMap<>(Spending.class);
    for (Spending spending : Spending.values()) {
      double found = summary.path(FIELD).path(spending.id()).asDouble(Double.NaN);
      if (found >= 0 && Double.isFinite(found)) {
        seconds.put(spending, found);
      }
    }
    return new WallTime(seconds);
  }

  /** Seconds by name. */
  public static Map<String, Double> fields(WallTime time) {
    Map<String, Double> fields = new LinkedHashMap<>();
    time.seconds().forEach((spending, seconds) -> fields.put(spending.id(), seconds));
    return fields;
  }
}
