package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.events.RunEnded;
import dev.mona.report.ScoresJson;
import dev.mona.report.WallTimeJson;
import dev.mona.report.WallTimeLine;

/**
 * How a run ended that was just trained.
 *
 * @param run what it said at its end
 */
public record EndedText(RunEnded run) implements Printed {
  @Override
  public String text() {
    return "run "
        + run.directory()
        + " ended: "
        + run.stopReason()
        + "\n"
        + new ScoresText(run.scores().byId()).text()
        + WallTimeLine.of(run.time());
  }

  @Override
  public JsonNode json() {
    ObjectNode node = JsonForm.object();
    node.put("run", run.directory()).put("stop_reason", run.stopReason().name());
    JsonForm.number(node, "training_seconds", run.seconds());
    node.set(ScoresJson.FIELD, JsonForm.numbers(run.scores().byId()));
    node.set(WallTimeJson.FIELD, JsonForm.numbers(WallTimeJson.fields(run.time())));
    return node;
  }
}
