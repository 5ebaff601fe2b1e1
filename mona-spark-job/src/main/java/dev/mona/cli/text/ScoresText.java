package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.report.ScoresJson;
import dev.mona.report.TextTable;
import java.util.Map;

/**
 * Scores of a model.
 *
 * @param scores by name, in display order
 */
public record ScoresText(Map<String, Double> scores) implements Printed {
  @Override
  public String text() {
    if (scores.isEmpty()) {
      return "";
    }
    TextTable table = new TextTable("score", "value");
    scores.forEach((name, value) -> table.row(name, TextTable.number(value)));
    return table.render();
  }

  @Override
  public JsonNode json() {
    return JsonForm.object().set(ScoresJson.FIELD, JsonForm.numbers(scores));
  }
}
