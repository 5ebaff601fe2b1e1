package dev.mona.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The scores within {@code summary.json}. */
public final class ScoresJson {
  /** Field of a summary that holds them. */
  public static final String FIELD = "scores";

  private ScoresJson() {}

  /**
   * The scores of a summary. Older runs have them beside its other fields.
   *
   * @param summary a whole summary; what is no number or has an unknown name is left out
   */
  public static Scores of(JsonNode summary) {
    JsonNode nested = summary.path(FIELD);
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : (nested.isObject() ? nested : summary).properties()) {
      if (field.getValue().isNumber()) {
        ScoreName.of(field.getKey())
            .ifPresent(name -> scores.put(name, field.getValue().asDouble()));
      }
    }
    return new Scores(scores);
  }

  /** Numbers by name, null for one that is not finite. */
  public static Map<String, @Nullable Double> fields(Scores scores) {
    Map<String, @Nullable Double> fields = new LinkedHashMap<>();
    scores.byId().forEach((name, value) -> fields.put(name, Double.isFinite(value) ? value : null));
    return fields;
  }
}
