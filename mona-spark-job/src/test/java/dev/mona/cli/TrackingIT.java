package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import dev.mona.events.EpochEnded;
import dev.mona.events.RunListener;
import dev.mona.example.Interruption;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.example.MlflowProcess;
import dev.mona.example.Python;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run that is stopped and gone on with, as TensorBoard's own reader and MLflow's own client see
 * it; and one whose server goes away.
 */
class TrackingIT {
  private static final String[] LONGER = {
    "warmup.epochs=2", "alignment.epochs=2", "finetuning.epochs=3", "checkpoint.every-rounds=1"
  };

  private static SparkSession spark;
  private static JobFolder folder;
  private static MlflowProcess server;
  private static Path plain;
  private static Path tracked;
  private static String statusWhenStopped;
  private static JsonNode board;
  private static JsonNode mlflow;
  private static CommandRun abandoned;

  /** Ends the server within a run. */
  public static final class Ends implements RunListener {
    @Override
    public void epochEnded(EpochEnded ended) {
      server.close();
    }
  }

  @BeforeAll
  static void train(@TempDir Path root) throws Exception {
    Path files = Path.of("src/test/resources/tracking").toAbsolutePath();
    Python python = Python.with(files.resolve("requirements-tracking.txt"));
    server = MlflowProcess.start(python, Files.createDirectories(root.resolve("server")));
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    plain = folder.trained(spark, "plain", LONGER);
    server.await();
    tracked = folder.run("tracked");
    String[] settings = settings(List.of());
    Path home = Files.createDirectories(root.resolve("home"));
    Process process =
        JavaProcess.start(
            home,
            LocalSpark.options("local[2]"),
            Main.class.getName(),
            folder.trainArguments("tracked", settings));
    int unused = Interruption.stop(process, home, tracked, Stage.ALIGNMENT);
    assertThat(JavaProcess.log(home)).contains(" was stopped (SIGTERM)");
    assertThat(tracked.resolve("_SUCCESS")).doesNotExist();
    statusWhenStopped = server.statuses("waves").toString();
    folder.trained(spark, "tracked", settings(List.of("run.resume=true")));
    board = read(python, files, "tensorboard", tracked.resolve("tensorboard"));
    mlflow = read(python, files, "mlflow", server.address(), "waves", "tracked");
    abandoned =
        folder.train(
            spark, "abandoned", settings(List.of("run.listeners=" + Ends.class.getName())));
  }

  private static String[] settings(List<String> more) {
    List<String> settings = new ArrayList<>(List.of(LONGER));
    settings.add("tracking.tensorboard=true");
    settings.add("tracking.mlflow=" + server.address());
    settings.addAll(more);
    return settings.toArray(String[]::new);
  }

  private static JsonNode read(Python python, Path files, Object... arguments) throws IOException {
    List<Object> command = new ArrayList<>(List.of(files.resolve("read.py")));
    command.addAll(List.of(arguments));
    Python.Ended ended = python.run(command.toArray());
    assertThat(ended.code()).as(ended.output()).isZero();
    // libraries may warn before
    return StoredJson.tree(ended.output().lines().reduce((a, b) -> b).orElseThrow());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (spark != null) {
      spark.stop();
    }
  }

  /** Values of a series by step; of several at one step the last counts. */
  private static Map<Long, Double> series(JsonNode values) {
    Map<Long, Double> series = new TreeMap<>();
    values.forEach(v -> series.put(v.path(0).asLong(), v.path(1).asDouble()));
    return series;
  }

  /** What the run's own files have, by name and step. */
  private static Map<String, Map<Long, Double>> recorded() throws IOException {
    Map<String, Map<Long, Double>> all = new TreeMap<>();
    Map<String, Long> last = new TreeMap<>();
    long step = 0;
    for (String text : Files.readAllLines(tracked.resolve("metrics/rounds.jsonl"))) {
      JsonNode line = StoredJson.tree(text);
      step++;
      last.put(line.path("stage").asText() + line.path("epoch").asInt(), step);
      take(all, line, "/round/", step);
    }
    for (String text : Files.readAllLines(tracked.resolve("metrics/epochs.jsonl"))) {
      JsonNode line = StoredJson.tree(text);
      long of =
          Objects.requireNonNull(
              last.get(line.path("stage").asText() + line.path("epoch").asInt()));
      take(all, line, "/epoch/", of);
    }
    JsonNode summary = StoredJson.tree(Files.readString(tracked.resolve("metrics/summary.json")));
    for (Map.Entry<String, JsonNode> score : summary.path("scores").properties()) {
      all.put("scores/" + score.getKey(), Map.of(step, score.getValue().asDouble()));
    }
    for (Map.Entry<String, JsonNode> time : summary.path("wall_seconds").properties()) {
      all.put("wall_seconds/" + time.getKey(), Map.of(step, time.getValue().asDouble()));
    }
    return all;
  }

  private static void take(
      Map<String, Map<Long, Double>> all, JsonNode line, String kind, long step) {
    for (Map.Entry<String, JsonNode> figure : line.path("metrics").properties()) {
      if (figure.getValue().isNumber()) {
        String name = line.path("stage").asText() + kind + figure.getKey();
        all.computeIfAbsent(name, n -> new TreeMap<>()).put(step, figure.getValue().asDouble());
      }
    }
  }

  @Test
  void tensorBoardReadsWhatTheRunRecorded() throws IOException {
    Map<String, Map<Long, Double>> recorded = recorded();
    assertThat(recorded)
        .containsKeys(
            "alignment/round/loss",
            "alignment/round/averaging_seconds",
            "finetuning/epoch/validation_error",
            "scores/test_error_rate",
            "wall_seconds/averaging");
    recorded.forEach(
        (name, expected) -> {
          Map<Long, Double> floats = new TreeMap<>();
          expected.forEach((step, value) -> floats.put(step, (double) value.floatValue()));
          assertThat(series(board.path(name))).as(name).isEqualTo(floats);
          assertThat(board.path(name)).as("%s, nothing twice", name).hasSize(expected.size());
        });
    assertThat(tracked.resolve("tensorboard"))
        .isDirectoryContaining("glob:**events.out.tfevents.0000000001.mona")
        .isDirectoryContaining("glob:**events.out.tfevents.0000000002.mona");
  }

  @Test
  void mlflowHasTheRunWithParamsMetricsAndArtefacts() throws IOException {
    assertThat(statusWhenStopped).isEqualTo("[tracked KILLED]");
    assertThat(mlflow.path("status").asText()).isEqualTo("FINISHED");
    Map<String, Map<Long, Double>> recorded = recorded();
    recorded.forEach(
        (name, expected) ->
            assertThat(series(mlflow.path("metrics").path(name))).as(name).isEqualTo(expected));
    JsonNode params = mlflow.path("params");
    assertThat(params.path("alignment.batch-size").asText()).isEqualTo("6");
    assertThat(params.path("method").asText()).isEqualTo("mona");
    assertThat(params.path("finetuning.epochs").asText()).isEqualTo("3");
    assertThat(params.has("run.output")).isFalse();
    assertThat(mlflow.path("tags").path("mona.directory").asText()).isEqualTo("file:" + tracked);
    for (String file :
        List.of(
            "report/index.html",
            "metrics/summary.json",
            "finetuned/README.md",
            "provenance.json",
            "config.conf")) {
      assertThat(mlflow.path("artefacts").path(file).asLong())
          .as(file)
          .isEqualTo(Files.size(tracked.resolve(file)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracked", "abandoned"})
  void theBytesAreThoseOfARunThatNobodyTracks(String id) {
    JobFolder.assertSameModels(folder.run(id), plain, id);
    assertThat(plain.resolve("tensorboard")).doesNotExist();
  }

  @Test
  void aServerThatGoesAwayEndsNoRun() {
    assertThat(abandoned.err()).isEmpty();
    assertThat(abandoned.code()).isZero();
    assertThat(folder.run("abandoned").resolve("_SUCCESS")).exists();
    assertThat(folder.run("abandoned").resolve("tensorboard")).isNotEmptyDirectory();
  }
}
