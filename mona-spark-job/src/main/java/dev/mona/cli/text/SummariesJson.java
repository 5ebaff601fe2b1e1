package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.report.ScoresJson;
import java.util.Map;

/** Finished runs side by side, as a document. */
public final class SummariesJson {
  private SummariesJson() {}

  /**
   * An object with {@code runs}, each the run's directory, method, seed, epochs and scores.
   *
   * @param summaries {@code summary.json} by directory, in display order
   */
  public static JsonNode json(Map<String, JsonNode> summaries) {
    ObjectNode root = JsonForm.object();
    ArrayNode runs = root.putArray("runs");
    summaries.forEach(
        (directory, summary) -> {
          ObjectNode run = runs.addObject().put("run", directory);
          for (String name : new String[] {"task", "method", "seed", "epochs", "stop_reason"}) {
            run.set(name, summary.hasNonNull(name) ? summary.get(name) : run.nullNode());
          }
          run.set(ScoresJson.FIELD, JsonForm.numbers(ScoresJson.of(summary).byId()));
        });
    return root;
  }
}
