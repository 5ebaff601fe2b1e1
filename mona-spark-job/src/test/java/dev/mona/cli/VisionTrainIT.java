package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.SmallVision;
import dev.mona.weights.EncoderCheckpoint;
import dev.mona.weights.EncoderConfig;
import dev.mona.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on random encoders of images, over a series that they see as an image of one channel. */
class VisionTrainIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static SparkSession spark;
  private static JobFolder folder;
  private static Path root;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    root = directory;
    spark = JobFolder.session("local[2]");
    folder = JobFolder.write(spark, root);
    SmallVision.write(root.resolve("hiera"), SmallVision.HIERA, JobFolder.SEED);
    SmallVision.write(root.resolve("swin"), SmallVision.SWIN, JobFolder.SEED);
    SmallVision.images(spark, root.resolve("images"), 16, JobFolder.SEED);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Path trained(String encoder, String id, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "backbone.weights=" + root.resolve(encoder),
                "source.path=" + root.resolve("images"),
                "alignment.source-batch.classes=3"));
    all.addAll(List.of(settings));
    return folder.trained(spark, id, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hiera", "swin"})
  void aRunLearnsTheTaskAndCanBeUsed(String encoder) throws IOException {
    Path run = trained(encoder, encoder, "finetuning.epochs=6");
    JsonNode summary = JSON.readTree(Files.readString(run.resolve("metrics/summary.json")));
    JsonNode scores = summary.path("scores");
    // three classes: guessing errs in two of three
    assertThat(scores.path("test_error_rate").asDouble()).isLessThan(0.5);
    assertThat(scores.path("probe_error_pretrained").asDouble()).isLessThan(0.4);
    JsonNode provenance = JSON.readTree(Files.readString(run.resolve("provenance.json")));
    assertThat(provenance.path("backbone").path("kind").asText()).isEqualToIgnoringCase(encoder);
    assertThat(provenance.path("source").path("classes").asInt()).isEqualTo(3);

    EncoderConfig wanted = encoder.equals("swin") ? SmallVision.SWIN : SmallVision.HIERA;
    EncoderCheckpoint back = EncoderCheckpoint.open(ModelFolder.of(run.resolve("finetuned")));
    assertThat(back.config()).isEqualTo(wanted);

    CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", run.toString());
    assertThat(evaluated.err()).isEmpty();
    Path predictions = root.resolve("predictions-" + encoder);
    CommandRun predicted =
        CommandRun.of(
            OneSession.of(spark), "predict", run.toString(), "--output", predictions.toString());
    assertThat(predicted.err()).isEmpty();
    List<Row> rows = spark.read().parquet(predictions.toString()).collectAsList();
    long wrong = rows.stream().filter(row -> !row.getList(1).equals(row.getList(2))).count();
    assertThat((double) wrong / rows.size()).isEqualTo(scores.path("test_error_rate").asDouble());
    Path tokens = root.resolve("tokens-" + encoder);
    CommandRun embedded =
        CommandRun.of(OneSession.of(spark), "embed", run.toString(), "--output", tokens.toString());
    assertThat(embedded.err()).isEmpty();
    assertThat(spark.read().parquet(tokens.toString()).select("origin").distinct().count())
        .isEqualTo(2);
    ComputationGraph graph =
        ModelSerializer.restoreComputationGraph(run.resolve("finetuned/network.zip").toFile());
    assertThat(graph.numParams()).isPositive();
  }

  @Test
  void theSameRunGivesTheSameBytes() {
    JobFolder.assertSameModels(
        trained("hiera", "again", "backbone.window=capped"),
        trained("hiera", "once", "backbone.window=capped"),
        "a second run");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    String images = "source.path=" + root.resolve("images");
    String hiera = "backbone.weights=" + root.resolve("hiera");
    assertRefused(
        "is an encoder of images and source.kind is wordnet",
        hiera,
        "source.kind=wordnet",
        "source.path=");
    assertRefused("a text set has text and label", images);
    assertRefused("a set of images has label", hiera);
    assertRefused(
        "backbone.image-size is 20, the encoder takes multiples of 8 pixels",
        hiera,
        images,
        "backbone.image-size=20");
    assertRefused("is an encoder of text: remove it", "backbone.image-size=32");
    assertRefused(
        "smaller than the window of 2: raise backbone.image-size",
        "backbone.weights=" + root.resolve("swin"),
        images,
        "backbone.image-size=4");
    assertRefused(
        "only 3 classes have that many", hiera, images, "alignment.source-batch.classes=4");
  }

  private static void assertRefused(String message, String... settings) {
    CommandRun run = folder.train(spark, "refused", settings);
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains(message);
    assertThat(folder.run("refused")).doesNotExist();
  }
}
