package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.report.ScoresJson;
import dev.mona.report.WallTimeJson;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.SealedFolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page of a run, made of the files that it has left: {@code summary.json}, {@code
 * epochs.jsonl}, {@code rounds.jsonl}, {@code predictions.json}, {@code embeddings.json}, {@code
 * provenance.json} and {@code config.conf}. What is not there is left out with a sentence.
 */
public final class RunReport {
  /** Name of the page within {@code report/}. */
  public static final String FILE = "index.html";

  public static final String PREDICTIONS = RunDirectory.METRICS + "/predictions.json";
  public static final String EMBEDDINGS = RunDirectory.METRICS + "/embeddings.json";
  private static final String SUMMARY = RunDirectory.METRICS + "/summary.json";

  private RunReport() {}

  /** Writes {@code report/index.html} and its checksum into a run. */
  public static void write(RunDirectory run) {
    seal(run, page(run));
  }

  /** Writes a page into {@code report/} with its checksum. */
  static void seal(RunDirectory directory, String page) {
    SealedFolder.write(
        directory,
        RunDirectory.REPORT,
        Map.of(FILE, out -> out.write(page.getBytes(StandardCharsets.UTF_8))));
  }

  /** The page of a run. */
  public static String page(RunDirectory run) {
    RunFiles files = new RunFiles(run);
    JsonNode summary = files.json(SUMMARY);
    JsonNode facts = files.json(RunDirectory.PROVENANCE);
    JsonNode predictions = files.json(PREDICTIONS);
    Scores scores = ScoresJson.of(summary);
    History history = History.of(files);
    String task = text(summary, facts.path("task").path("name"), "task");
    String method = text(summary, facts.path("method"), "method");
    Page page = new Page(task + ", " + method + ": " + files.name());
    page.header("Report of run " + files.name(), task + " with " + method);
    Answer answer =
        Answer.of(scores, predictions, facts.path("data").path("test_samples").asLong(0));
    String ending = ending(summary, facts);
    page.sentence(sentence(answer, ending));
    page.tiles(tiles(answer, summary, scores)).end();
    JsonNode best = summary.path("best_finetuning_epoch");
    Optional<Integer> chosen = best.isInt() ? Optional.of(best.asInt()) : Optional.empty();
    new CurvesSection(history, chosen).write(page);
    new KnowledgeSection(history, scores).write(page);
    new PredictionsSection(predictions, facts.path("task").path("class_names")).write(page);
    new EmbeddingsSection(files.json(EMBEDDINGS)).write(page);
    new TimeSection(history, WallTimeJson.of(summary)).write(page);
    new ProvenanceSection(run.location(), files.name(), facts, files.text(RunDirectory.CONFIG))
        .write(page);
    return page.finish();
  }

  private static String text(JsonNode summary, JsonNode fact, String name) {
    return summary.path(name).asText(fact.asText("unknown " + name));
  }

  private static String sentence(Answer answer, String ending) {
    if (!Double.isFinite(answer.error())) {
      return "No test score yet: the run " + ending + ".";
    }
    String against = answer.against().isEmpty() ? "" : ", against " + answer.against();
    return "Test "
        + answer.name()
        + " "
        + answer.value()
        + " ("
        + answer.spread()
        + ")"
        + against
        + ". The run "
        + ending
        + ". Lower is better.";
  }

  private static String ending(JsonNode summary, JsonNode facts) {
    String reason = summary.path("stop_reason").asText(facts.path("stop_reason").asText(""));
    return switch (reason) {
      case "COMPLETED" -> "completed all its epochs (COMPLETED)";
      case "EARLY_STOPPING" ->
          "stopped early, since the validation score no longer improved (EARLY_STOPPING)";
      case "DIVERGED" -> "diverged: a loss, a parameter or a moment was not finite (DIVERGED)";
      case "STOPPED" -> "was stopped and can go on (STOPPED)";
      case "FAILED" -> "failed and can go on (FAILED)";
      default -> "has not ended";
    };
  }

  private static List<Page.Tile> tiles(Answer answer, JsonNode summary, Scores scores) {
    List<Page.Tile> tiles = new ArrayList<>();
    if (Double.isFinite(answer.error())) {
      tiles.add(new Page.Tile("Test " + answer.name(), answer.value(), answer.spread()));
    }
    if (summary.path("validation_error").isNumber()) {
      double validation = summary.path("validation_error").asDouble();
      tiles.add(
          new Page.Tile(
              "Validation",
              Answer.value(answer.metric(), validation),
              "epoch "
                  + (summary.path("best_finetuning_epoch").asInt() + 1)
                  + " of finetuning was taken"));
    }
    double minutes = scores.of(Measure.TRAINING_MINUTES);
    if (Double.isFinite(minutes)) {
      tiles.add(
          new Page.Tile(
              "Training",
              Figures.time(60 * minutes),
              Figures.count(summary.path("epochs").asInt(), "epoch") + " of all stages"));
    }
    double before = scores.of(Measure.PROBE_ERROR_PRETRAINED);
    double after = scores.of(Measure.PROBE_ERROR);
    if (Double.isFinite(before) && Double.isFinite(after)) {
      tiles.add(
          new Page.Tile(
              "Source probe error",
              Figures.percent(before) + " → " + Figures.percent(after),
              "pretrained → finetuned encoder"));
    }
    return tiles;
  }
}
