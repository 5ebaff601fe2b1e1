package dev.mona.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.Shown;
import dev.mona.config.MonaConfig;
import dev.mona.data.Manifest;
import dev.mona.data.Split;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.inputs.JobInputs;
import dev.mona.storage.Provenance;
import dev.mona.storage.RunDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code finetuned/README.md}, a model card in Hugging Face's form: a head in YAML that programs
 * read, then data, results, command and versions for people. Two runs of one configuration on one
 * machine have the same card: nothing in it is dated or timed.
 *
 * @param config what was run
 * @param data what it was trained on
 * @param provenance its provenance.json
 * @param scores what it ended with
 */
record ModelCard(MonaConfig config, Manifest data, JsonNode provenance, Scores scores) {
  static final String FILE = RunDirectory.FINETUNED + "/README.md";

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BUNDLED_MODEL = "sentence-transformers/all-MiniLM-L6-v2";

  /** Writes the card of a run whose model is written. */
  static void write(RunDirectory run, JobInputs inputs, Scores scores) {
    Manifest data = inputs.target().data().manifest();
    JsonNode provenance = Provenance.read(run);
    run.writeText(FILE, new ModelCard(inputs.config(), data, provenance, scores).text());
  }

  String text() {
    return head() + body();
  }

  private String name() {
    return config.task().name() + "-" + config.method().id() + "-" + config.run().seed();
  }

  private String baseModel() {
    String weights = config.backbone().weights().replaceAll("/+$", "");
    return config.backbone().bundled()
        ? BUNDLED_MODEL
        : weights.substring(weights.lastIndexOf('/') + 1);
  }

  private String encoder() {
    return provenance.path("backbone").path("kind").asText().toLowerCase(Locale.ROOT);
  }

  private List<Map.Entry<ScoreName, Double>> shownScores() {
    return scores.values().entrySet().stream()
        .filter(score -> score.getKey() != Measure.TRAINING_MINUTES)
        .filter(score -> Double.isFinite(score.getValue()))
        .toList();
  }

  /** Every text is a double-quoted scalar, whose escapes in YAML are those of JSON. */
  private String head() {
    List<String> lines = new ArrayList<>();
    lines.add("---");
    lines.add("library_name: \"mona\"");
    lines.add("license: \"other\"");
    lines.add("license_name: \"that-of-data-and-base-model\"");
    lines.add("base_model: " + quoted(baseModel()));
    lines.add("datasets:");
    lines.add("- " + quoted(data.name()));
    lines.add("metrics:");
    lines.add("- " + quoted(config.task().metric().id()));
    lines.add("tags:");
    Stream.of("modality-alignment", config.method().id(), encoder())
        .forEach(tag -> lines.add("- " + quoted(tag)));
    lines.add("model-index:");
    lines.add("- name: " + quoted(name()));
    lines.add("  results:");
    lines.add("  - task:");
    lines.add("      type: " + quoted(kind()));
    lines.add("      name: " + quoted(config.task().name()));
    lines.add("    dataset:");
    lines.add("      type: " + quoted(data.name()));
    lines.add("      name: " + quoted(data.name()));
    lines.add("      split: " + quoted(Split.TEST.id()));
    lines.add("    metrics:");
    for (Map.Entry<ScoreName, Double> score : shownScores()) {
      lines.add("    - type: " + quoted(score.getKey().id()));
      lines.add("      value: " + score.getValue());
    }
    lines.add("---");
    return String.join("\n", lines) + "\n";
  }

  private String kind() {
    return data.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String body() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("# " + shown(name()));
    lines.add("");
    lines.add(
        "%s, aligned with the data set %s by the method %s and finetuned on it by MoNA on Spark."
            .formatted(shown(baseModel()), shown(data.name()), shown(config.method().id())));
    lines.add("`model.safetensors` holds the encoder under Hugging Face's names, the embedder of");
    lines.add("the data under `target_embedder.` and the head under `head.`.");
    section(lines, "Data");
    table(lines, "what", "value");
    row(lines, "measured", data.origin().modality());
    row(lines, "source", data.origin().source());
    row(lines, "licence", data.origin().licence());
    row(lines, "sample", data.shape().toString());
    row(lines, "predicted", kind() + ", " + data.outputs() + " outputs");
    if (!data.prediction().classNames().isEmpty()) {
      row(lines, "classes", String.join(", ", data.prediction().classNames()));
    }
    for (String split : List.of("train", "validation", "test")) {
      row(lines, split + " samples", provenance.path("data").path(split + "_samples").asText());
    }
    section(lines, "Licence");
    lines.add("The terms of the data above and those of the base model both hold for this model.");
    section(lines, "Results");
    lines.add("Lower is better everywhere. `test_` is of the test split, with the epoch that the");
    lines.add("validation split chose; the others say what is left of the source's knowledge.");
    lines.add("");
    table(lines, "score", "value");
    for (Map.Entry<ScoreName, Double> score : shownScores()) {
      row(lines, score.getKey().id(), String.valueOf(score.getValue()));
    }
    section(lines, "Command");
    lines.add("With the `config.conf` of the run, which has every setting:");
    lines.add("");
    lines.add("    mona train --config config.conf --set run.id=again");
    section(lines, "Versions");
    table(lines, "of", "version");
    row(lines, "mona", provenance.path("mona_version").asText());
    row(
        lines,
        "engine",
        provenance.path("engine").asText() + ", " + provenance.path("precision").asText());
    provenance
        .path("versions")
        .fields()
        .forEachRemaining(version -> row(lines, version.getKey(), version.getValue().asText()));
    row(lines, "configuration", provenance.path("config_sha256").asText());
    row(lines, "partitions", provenance.path("partitions").asText());
    row(lines, "seed", provenance.path("seed").asText());
    return String.join("\n", lines) + "\n";
  }

  private static void section(List<String> lines, String title) {
    lines.addAll(List.of("", "## " + title, ""));
  }

  private static void table(List<String> lines, String first, String second) {
    lines.add("| " + first + " | " + second + " |");
    lines.add("|---|---|");
  }

  private static void row(List<String> lines, String name, String value) {
    lines.add("| " + shown(name) + " | " + shown(value) + " |");
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(Shown.line(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text always has a JSON form", e);
    }
  }

  /** Text as it stands: what Markdown and HTML would read as theirs is escaped. */
  private static String shown(String text) {
    return Shown.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replaceAll("[\\\\`*_{}\\[\\]()#+!|~]", "\\\\$0");
  }
}
