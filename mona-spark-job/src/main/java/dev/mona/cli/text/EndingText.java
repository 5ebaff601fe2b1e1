package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.Shown;
import dev.mona.cli.RunLocation;
import dev.mona.report.TextTable;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * How a run ended, or that it may still go on, in one line.
 *
 * @param hadoop settings of the file systems
 * @param run its directory
 */
record EndingText(Configuration hadoop, RunLocation run) {

  /**
   * The line.
   *
   * @param facts {@code provenance.json}, if there is one
   */
  String render(Optional<JsonNode> facts) {
    if (facts.isEmpty()) {
      return "has not begun to train: no provenance.json";
    }
    JsonNode last = lastStart(facts.get());
    return reason(facts.get()).map(reason -> ended(reason, last)).orElseGet(() -> open(last));
  }

  /** Why the run, or its last start, ended; empty where that is not written down. */
  static Optional<String> reason(JsonNode facts) {
    String reason = facts.path("stop_reason").asText(lastStart(facts).path("stop_reason").asText());
    return Optional.of(reason).filter(r -> !r.isEmpty());
  }

  private static JsonNode lastStart(JsonNode facts) {
    JsonNode starts = facts.path("starts");
    return starts.path(starts.size() - 1);
  }

  private String ended(String reason, JsonNode last) {
    String when = last.has("ended") ? " at " + Shown.line(last.path("ended").asText()) : "";
    if (last.path("trained_seconds").isNumber()) {
      when += ", trained for " + TextTable.number(last.path("trained_seconds").asDouble()) + " s";
    }
    return switch (reason) {
      case "COMPLETED" -> whole("completed" + when);
      case "EARLY_STOPPING" ->
          whole("completed" + when + ": stopped early, the validation score no longer improved");
      case "DIVERGED" -> "diverged" + when + ": a loss, a parameter or a moment was not finite";
      case "STOPPED" -> "stopped" + when + " because it was asked to: " + resume("goes on");
      case "FAILED" -> "failed" + when + ", the log says why: " + resume("tries again");
      default -> "ended as " + Shown.line(reason) + when;
    };
  }

  private String whole(String sentence) {
    return StoredText.exists(hadoop, run.success())
        ? sentence
        : sentence + "; the outputs are not complete: " + resume("writes the rest");
  }

  /** No end is written down: a start that goes on, or one that was killed. */
  private String open(JsonNode last) {
    String since =
        "started"
            + (last.has("began") ? " at " + Shown.line(last.path("began").asText()) : "")
            + (last.has("host") ? " on " + Shown.line(last.path("host").asText()) : "");
    try {
      Optional<Instant> sign = RunDirectory.lastSignOfLife(run.path(), hadoop);
      return sign.map(at -> since + ", last sign of life at " + at + ": it trains, or was killed")
          .orElse(since + " and broke off: " + resume("goes on"));
    } catch (IOException e) {
      throw StoredText.unreadable(run.path(), e);
    }
  }

  private String resume(String does) {
    return "mona train --resume " + run.path() + " " + does;
  }
}
