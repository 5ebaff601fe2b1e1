package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.metric.MetricKind;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The head is read by another YAML, as it stands in the file. */
class ModelCardTest {
  private static final String HOSTILE = "a|b\n---\n# \u001b[31m <script>x</script> [l](http://e)";

  private static MonaConfig config(String weights) {
    return ConfigLayers.start()
        .set("task.name=splice")
        .set("task.data=/data/splice")
        .set("backbone.weights=" + weights)
        .set("run.seed=7")
        .load();
  }

  private static Manifest data(String text) {
    return new Manifest(
        "dna",
        new Origin("DNA", text, "CC BY 4.0"),
        new Features(SampleShape.series(4, 60), new Encoding.OneHot(4), null),
        Prediction.of(TaskKind.CLASSIFICATION, 2, List.of("ei", text)),
        Map.of(Split.TEST, new SplitFile("test.parquet", 5, 900, "0".repeat(64))));
  }

  private static Scores scores() {
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    scores.put(new ScoreName.Test(MetricKind.ERROR_RATE), 0.125);
    scores.put(Measure.PROBE_ERROR, 0.25);
    scores.put(Measure.OUTER_LOSS, Double.NaN);
    scores.put(Measure.TRAINING_MINUTES, 1.5);
    return new Scores(scores);
  }

  private static String card(String weights, String text) throws IOException {
    JsonNode provenance =
        new JsonMapper()
            .readTree(
                """
                {"mona_version": "1.2.3", "engine": "nd4j", "precision": "float32", "seed": 7,
                 "partitions": 2, "config_sha256": "abc", "backbone": {"kind": "BERT"},
                 "data": {"train_samples": 10, "validation_samples": 3, "test_samples": 5},
                 "versions": {"spark": "3.5.8"}, "starts": [{"began": "2026-01-01T00:00:00Z"}]}
                """);
    return new ModelCard(config(weights), data(text), provenance, scores()).text();
  }

  private static Map<String, Object> head(String card) {
    String[] parts = card.split("(?m)^---$\n", 3);
    assertThat(parts[0]).isEmpty();
    return new Yaml().load(parts[1]);
  }

  @Test
  void programsReadTheHead() throws IOException {
    Map<String, Object> head = head(card("minilm", "UCI"));
    assertThat(head)
        .containsEntry("license", "other")
        .containsEntry("base_model", "sentence-transformers/all-MiniLM-L6-v2")
        .containsEntry("datasets", List.of("dna"))
        .containsEntry("metrics", List.of("error-rate"))
        .containsEntry("tags", List.of("modality-alignment", "mona", "bert"))
        .containsEntry(
            "model-index",
            List.of(
                Map.of(
                    "name",
                    "splice-mona-7",
                    "results",
                    List.of(
                        Map.of(
                            "task", Map.of("type", "classification", "name", "splice"),
                            "dataset", Map.of("type", "dna", "name", "dna", "split", "test"),
                            "metrics",
                                List.of(
                                    Map.of("type", "test_error_rate", "value", 0.125),
                                    Map.of("type", "probe_error", "value", 0.25)))))));
  }

  @Test
  void peopleReadTheRest() throws IOException {
    String card = card("hdfs:///models/bert-base/", "UCI");
    assertThat(head(card)).containsEntry("base_model", "bert-base");
    assertThat(card)
        .contains("# splice-mona-7")
        .contains("| licence | CC BY 4.0 |")
        .contains("| classes | ei, UCI |")
        .contains("| train samples | 10 |")
        .contains("| test\\_error\\_rate | 0.125 |")
        .contains("    mona train --config config.conf")
        .contains("| mona | 1.2.3 |")
        .contains("| spark | 3.5.8 |")
        .doesNotContain("2026", "1.5", "NaN");
  }

  @Test
  void textOfTheDataStaysText() throws IOException {
    String card = card("/models/" + "we\"ird: {x}", HOSTILE);
    assertThat(head(card)).containsEntry("base_model", "we\"ird: {x}");
    assertThat(card)
        .contains(
            "| source | a\\|b\\\\u000a---\\\\u000a\\# \\\\u001b\\[31m &lt;script&gt;x&lt;/script&gt; \\[l\\]\\(http://e\\) |")
        .doesNotContain("<script", "\u001b");
  }
}
