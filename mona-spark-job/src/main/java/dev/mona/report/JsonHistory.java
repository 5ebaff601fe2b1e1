package dev.mona.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import dev.mona.learner.Stage;
import java.util.Optional;

/** What a killed run left in a file of JSON lines. */
public final class JsonHistory {
  private JsonHistory() {}

  /**
   * The complete lines before the first one that a resumed run writes again: those of earlier
   * stages, epochs and rounds. A half-written last line and everything after it is dropped.
   *
   * @param text content of rounds.jsonl or epochs.jsonl
   * @param stage stage at which the run continues
   * @param epoch epoch of that stage at which it continues
   * @param round round of that epoch at which it continues
   */
  public static String before(String text, Stage stage, int epoch, int round) {
    int kept = 0;
    int end;
    while ((end = text.indexOf('\n', kept)) >= 0) {
      Optional<JsonNode> line = parse(text.substring(kept, end));
      if (line.isEmpty() || !isBefore(line.get(), stage, epoch, round)) {
        break;
      }
      kept = end + 1;
    }
    return text.substring(0, kept);
  }

  private static boolean isBefore(JsonNode line, Stage stage, int epoch, int round) {
    for (Stage candidate : Stage.values()) {
      if (candidate.id().equals(line.path("stage").asText())) {
        int order = candidate.compareTo(stage);
        int at = line.path("epoch").asInt(Integer.MAX_VALUE);
        return order < 0
            || (order == 0
                && (at < epoch
                    || (at == epoch && line.path("round").asInt(Integer.MAX_VALUE) < round)));
      }
    }
    return false;
  }

  private static Optional<JsonNode> parse(String line) {
    try {
      return Optional.of(StoredJson.tree(line));
    } catch (JsonProcessingException e) {
      // the process died within this line
      return Optional.empty();
    }
  }
}
