package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import dev.mona.example.LocalSpark;
import dev.mona.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --json} of every command, beside the text and the files of one small run. */
class JsonFormIT {
  /** Below these stand names of others: keys, properties, tensors, facts and figures. */
  private static final Set<String> OTHERS =
      Set.of("settings", "spark", "tensors", "metadata", "facts", "metrics", "provenance");

  private static SparkSession spark;
  private static JobFolder folder;
  private static String run;
  private static JsonNode trained;

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    run = folder.run("r1").toString();
    trained = json(folder.trainArguments("r1").toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static CommandRun mona(String... arguments) {
    CommandRun ended = CommandRun.of(OneSession.of(spark), arguments);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    return ended;
  }

  /** The document that is all of standard output; its names are checked. */
  private static JsonNode json(String... arguments) {
    String out =
        mona(Stream.concat(Arrays.stream(arguments), Stream.of("--json")).toArray(String[]::new))
            .out();
    try {
      JsonNode document = StoredJson.tree(out);
      assertNames(document);
      return document;
    } catch (JsonProcessingException e) {
      throw new AssertionError(String.join(" ", arguments) + " printed " + out, e);
    }
  }

  private static void assertNames(JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      assertThat(field.getKey()).matches("[a-z][a-z0-9_]*");
      if (!OTHERS.contains(field.getKey())) {
        assertNames(field.getValue());
      }
    }
    if (node.isArray()) {
      node.forEach(JsonFormIT::assertNames);
    }
  }

  private static JsonNode file(String name) throws IOException {
    return StoredJson.tree(Files.readString(Path.of(run, name)));
  }

  @Test
  void everyCommandHasIt() {
    Mona.commandLine(new FakeCommands(), new Configuration())
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getCommandSpec().optionsMap().containsKey("--json"))
                    .as(name)
                    .isEqualTo(!name.equals("generate-completion")));
  }

  @Test
  void trainSaysWhatTheRunEndedWith() throws IOException {
    JsonNode summary = file("metrics/summary.json");
    assertThat(trained.path("run").asText()).endsWith(run);
    for (String same : List.of("stop_reason", "scores", "wall_seconds")) {
      assertThat(trained.path(same)).as(same).isEqualTo(summary.path(same));
    }
    assertThat(trained.path("training_seconds").asDouble()).isPositive();
  }

  @Test
  void evaluateHasTheScoresOfItsTable() throws IOException {
    JsonNode scores = json("evaluate", run).path("scores");
    assertThat(scores.path("error_rate"))
        .isEqualTo(file("metrics/summary.json").path("scores").path("test_error_rate"));
    String text = mona("evaluate", run).out();
    for (Map.Entry<String, JsonNode> score : scores.properties()) {
      assertThat(text)
          .containsPattern(
              score.getKey().replace('_', '-')
                  + " +"
                  + TextTable.number(score.getValue().asDouble())
                  + "\n");
    }
    assertThat(text.lines()).hasSize(2 + scores.size());
  }

  @Test
  void inspectHasTheFilesOfTheRun() throws IOException {
    JsonNode shown = json("inspect", run, "--epochs", "2");
    JsonNode summary = file("metrics/summary.json");
    assertThat(shown.path("scores")).isEqualTo(summary.path("scores"));
    assertThat(shown.path("wall_seconds")).isEqualTo(summary.path("wall_seconds"));
    assertThat(shown.path("provenance")).isEqualTo(file("provenance.json"));
    assertThat(shown.path("stop_reason").asText()).isEqualTo("COMPLETED");
    assertThat(shown.path("complete").asBoolean()).isTrue();
    assertThat(mona("inspect", run).out().lines()).contains(shown.path("ending").asText());
    List<String> epochs = Files.readAllLines(Path.of(run, "metrics/epochs.jsonl"));
    assertThat(shown.path("epochs")).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(shown.path("epochs").path(i))
          .isEqualTo(StoredJson.tree(epochs.get(epochs.size() - 2 + i)));
    }
    assertThat(shown.path("settings").path("averaging.chunk-size").asInt()).isEqualTo(1024);
    assertThat(shown.path("settings").path("backbone.weights").asText())
        .isEqualTo(folder.encoder().toString());
    assertThat(json("inspect", run, "--all").path("settings"))
        .hasSize(Files.readAllLines(Path.of(run, "config.conf")).size());
  }

  @Test
  void inspectHasEveryTensor() {
    String file = run + "/finetuned/model.safetensors";
    JsonNode shown = json("inspect", file);
    long elements = 0;
    List<String> lines = mona("inspect", file).out().lines().toList();
    for (Map.Entry<String, JsonNode> tensor : shown.path("tensors").properties()) {
      long product = 1;
      for (JsonNode size : tensor.getValue().path("shape")) {
        product *= size.asLong();
      }
      assertThat(tensor.getValue().path("elements").asLong()).isEqualTo(product);
      elements += product;
      assertThat(lines).anyMatch(line -> line.startsWith(tensor.getKey() + " "));
    }
    assertThat(lines)
        .contains(shown.path("tensors").size() + " tensors, " + elements + " elements");
    assertThat(shown.path("elements").asLong()).isEqualTo(elements);
  }

  @Test
  void validateHasThePlanTheClusterAndTheSettings() throws IOException {
    String task = folder.task().toString();
    JsonNode plan = json("validate", "--task", task, "--cluster", "--gpu", "--workers", "3");
    String text = mona("validate", "--task", task, "--cluster", "--gpu", "--workers", "3").out();
    assertThat(text)
        .contains(
            "computes with %s in %s\n".formatted(word(plan, "engine"), word(plan, "precision")))
        .contains("configuration " + word(plan, "config_sha256") + "\n")
        .contains(
            "samples %d train in %d partitions, %d validation, %d test\n"
                .formatted(
                    plan.path("samples").path("train").asInt(),
                    plan.path("partitions").asInt(),
                    plan.path("samples").path("validation").asInt(),
                    plan.path("samples").path("test").asInt()));
    for (JsonNode stage : plan.path("stages")) {
      assertThat(text)
          .containsPattern(
              "\n%s +%d +%d +%d +%s +%d\n"
                  .formatted(
                      word(stage, "stage"),
                      stage.path("epochs").asInt(),
                      stage.path("rounds").asInt(),
                      stage.path("samples_a_step").asInt(),
                      TextTable.number(stage.path("learning_rate").asDouble()),
                      stage.path("trained_parameters").asLong()));
    }
    JsonNode cluster = plan.path("cluster");
    assertThat(cluster.path("executors").asInt()).isEqualTo(3);
    for (Map.Entry<String, JsonNode> setting : cluster.path("spark").properties()) {
      assertThat(text).contains("\n" + setting.getKey() + " " + setting.getValue().asText() + "\n");
    }
    assertThat(cluster.path("gpu_bytes").asLong()).isPositive();
    long executor = 0;
    for (String part : List.of("heap_bytes", "array_bytes", "rest_bytes")) {
      executor += cluster.path("executor").path(part).asLong();
    }
    assertThat(cluster.path("executor").path("container_bytes").asLong()).isEqualTo(executor);
    assertThat(plan.path("settings").path("warmup.optimizer.learning-rate").asDouble())
        .isEqualTo(0.01);
    JsonNode few = json("validate", "--task", task, "--config-only");
    assertThat(few.path("stages")).hasSize(plan.path("stages").size());
    assertThat(few.has("samples")).isFalse();
    assertThat(json("validate", "--task", task, "--config-only", "--all").path("settings").size())
        .isGreaterThan(few.path("settings").size());
  }

  private static String word(JsonNode node, String name) {
    return node.path(name).asText();
  }

  @Test
  void whatIsMadeIsSaidWithNumbers(@TempDir Path made) throws IOException {
    String data = made.resolve("data").toString();
    String arrays = folder.root().resolve("arrays").toString();
    JsonNode set = json("convert", arrays, "--output", data);
    JsonNode manifest = StoredJson.tree(Files.readString(made.resolve("data/manifest.json")));
    assertThat(set.path("name")).isEqualTo(manifest.path("name"));
    assertThat(set.path("samples").path("train").asInt()).isEqualTo(SmallTask.TRAIN);
    assertThat(set.path("sample").toString()).isEqualTo("[2,12]");
    assertThat(set.path("kind").asText()).isEqualTo("classification");

    String predictions = made.resolve("predictions").toString();
    assertThat(json("predict", run, "--output", predictions).toString())
        .isEqualTo("{\"predictions\":30,\"output\":\"%s\"}".formatted(predictions));
    assertThat(spark.read().parquet(predictions).count()).isEqualTo(SmallTask.TEST);

    String tokens = made.resolve("tokens").toString();
    JsonNode embedded = json("embed", run, "--output", tokens, "--samples", "3");
    assertThat(spark.read().parquet(tokens).count()).isEqualTo(embedded.path("tokens").asLong());

    Path onnx = made.resolve("model.onnx");
    JsonNode exported = json("export", run, "--onnx", onnx.toString());
    assertThat(exported.path("bytes").asLong()).isEqualTo(Files.size(onnx));
    assertThat(exported.path("interfaces").path("features").toString())
        .isEqualTo("[\"batch\",2,12]");

    String page = made.resolve("report.html").toString();
    assertThat(json("report", run, "--output", page).path("report").asText()).isEqualTo(page);

    CommandRun weights =
        CommandRun.of(new FakeCommands(), "convert-weights", "in.ort", "--output", "out", "--json");
    assertThat(StoredJson.tree(weights.out()).toString())
        .isEqualTo("{\"output\":\"out\",\"tensors\":154,\"parameters\":27000000}");
  }

  @Test
  void compareHasTheSummariesOfItsRuns() throws IOException {
    JsonNode summary = file("metrics/summary.json");
    JsonNode runs = json("compare", run).path("runs");
    assertThat(runs).hasSize(1);
    for (String same : List.of("method", "seed", "epochs", "scores")) {
      assertThat(runs.path(0).path(same)).as(same).isEqualTo(summary.path(same));
    }
    CommandRun task =
        CommandRun.of(
            OneSession.of(spark), "compare", "--task", folder.task().toString(), "--json");
    assertThat(task.code()).isEqualTo(2);
    assertThat(task.err()).startsWith("--json shows finished runs");
  }

  @Test
  void doctorHasTheFactsOfItsTable() {
    JsonNode process = json("doctor").path(0);
    assertThat(process.path("healthy").asBoolean()).isTrue();
    List<String> lines = mona("doctor").out().lines().toList();
    for (Map.Entry<String, JsonNode> section : process.path("facts").properties()) {
      assertThat(lines).anyMatch(line -> line.startsWith(section.getKey() + " "));
    }
  }

  @Test
  void aFailureLeavesStandardOutputEmpty() {
    CommandRun failed =
        CommandRun.of(OneSession.of(spark), "inspect", folder.root() + "/none", "--json");
    assertThat(failed.code()).isEqualTo(6);
    assertThat(failed.out()).isEmpty();
  }
}
