package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.data.NpyWriter;
import dev.mona.data.NumpySet;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ImageEncoder;
import dev.mona.encoder.ModelFolder;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallVision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    SmallVision.write(root.resolve("hiera"), SmallVision.HIERA, JobFolder.SEED);
    SmallVision.write(root.resolve("swin"), SmallVision.SWIN, JobFolder.SEED);
    SmallVision.write(root.resolve("vit"), SmallVision.VIT, JobFolder.SEED);
    SmallVision.images(spark, root.resolve("images"), 16, JobFolder.SEED);
    fields(4, 60, 20).write(root.resolve("coarse"));
    convert("coarse", "fields");
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
  // ViT's position table is one for 16 pixels
  @CsvSource({"hiera, 16", "swin, 16", "vit, 24"})
  void aRunLearnsTheTaskAndCanBeUsed(String encoder, int pixels) throws IOException {
    Path run = trained(encoder, encoder, "finetuning.epochs=6", "backbone.image-size=" + pixels);
    JsonNode scores =
        JSON.readTree(Files.readString(run.resolve("metrics/summary.json"))).path("scores");
    assertThat(scores.has("test_error_rate") && scores.has("probe_error_pretrained")).isTrue();
    // three classes: guessing errs in two of three
    assertThat(scores.path("test_error_rate").asDouble()).isLessThan(0.5);
    assertThat(scores.path("probe_error_pretrained").asDouble()).isLessThan(0.4);
    assertThat(scores.path("discrepancy").asDouble(-1)).isBetween(0.0, 10.0);
    JsonNode provenance = JSON.readTree(Files.readString(run.resolve("provenance.json")));
    assertThat(provenance.path("backbone").path("kind").asText()).isEqualToIgnoringCase(encoder);
    assertThat(provenance.path("source").path("classes").asInt()).isEqualTo(3);

    Map<String, ImageEncoder> encoders =
        Map.of("hiera", SmallVision.HIERA, "swin", SmallVision.SWIN, "vit", SmallVision.VIT);
    Encoder wanted = Objects.requireNonNull(encoders.get(encoder)).withImageSize(pixels);
    EncoderCheckpoint back = EncoderCheckpoint.open(ModelFolder.of(run.resolve("finetuned")));
    assertThat(back.encoder()).isEqualTo(wanted);

    CommandRun evaluated = CommandRun.of(OneSession.of(spark), "evaluate", run.toString());
    assertThat(evaluated.err()).isEmpty();
    Path predictions = root.resolve("predictions-" + encoder);
    CommandRun predicted =
        CommandRun.of(
            OneSession.of(spark), "predict", run.toString(), "--output", predictions.toString());
    assertThat(predicted.err()).isEmpty();
    List<Row> rows = spark.read().parquet(predictions.toString()).collectAsList();
    long wrong =
        rows.stream()
            .filter(
                row -> row.<Integer>getAs("label") != row.<Integer>getAs("prediction").intValue())
            .count();
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

  private static Path trainedOnFields(String id, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "task.name=fields",
                "task.data=" + root.resolve("fields"),
                "task.metric=relative-l2",
                "finetuning.epochs=8"));
    all.addAll(List.of(settings));
    return trained("hiera", id, all.toArray(String[]::new));
  }

  private static double fieldError(Path run) throws IOException {
    JsonNode summary = JSON.readTree(Files.readString(run.resolve("metrics/summary.json")));
    assertThat(summary.path("scores").has("test_relative_l2")).isTrue();
    assertThat(summary.path("scores").has("discrepancy"))
        .as("10 clusters, 3 source classes")
        .isFalse();
    return summary.path("scores").path("test_relative_l2").asDouble();
  }

  @ParameterizedTest
  @ValueSource(strings = {"orca", "layernorm", "scratch"})
  void methodsToCompareWithLearnFields(String method) throws IOException {
    Path run =
        trainedOnFields(
            "fields-" + method,
            "method=" + method,
            "task.augmentation=transpose",
            "alignment.transport.clusters=4");
    assertThat(fieldError(run)).isLessThan(0.15);
  }

  /** Fields whose level 10 + 4 a is to be read from noise around a: predicting 10 errs by 0.2. */
  @Test
  void aRunLearnsFieldsAndScoresThemOnAFinerGrid() throws IOException {
    fields(8, 0, 20).write(root.resolve("fine"));
    convert("fine", "fine-fields", "--split", "test=test");
    Path run = trainedOnFields("fields");
    assertThat(fieldError(run)).isLessThan(0.12);
    CommandRun finer =
        CommandRun.of(
            OneSession.of(spark),
            "evaluate",
            run.toString(),
            "--data",
            root.resolve("fine-fields").toString());
    assertThat(finer.err()).isEmpty();
    assertThat(score(finer, "relative-l2")).isLessThan(0.15);
    Path predictions = root.resolve("predicted-fields");
    CommandRun.of(
        OneSession.of(spark), "predict", run.toString(), "--output", predictions.toString());
    List<Row> rows = spark.read().parquet(predictions.toString()).collectAsList();
    assertThat(rows).hasSize(20);
    // in the units of the labels
    assertThat(rows)
        .allSatisfy(
            row -> {
              List<Float> prediction = row.getList(row.fieldIndex("prediction"));
              assertThat(prediction).hasSize(16).allMatch(value -> value > 3 && value < 17);
            });
  }

  private static double score(CommandRun shown, String name) {
    return shown
        .out()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length()).trim()))
        .findFirst()
        .orElseThrow();
  }

  private static void convert(String from, String to, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "convert", root.resolve(from).toString(), "--output", root.resolve(to).toString()));
    arguments.addAll(List.of(options));
    CommandRun run = CommandRun.of(OneSession.of(spark), arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
  }

  private static NumpySet fields(int side, int train, int test) {
    NumpySet set =
        NumpySet.small(false)
            .field("name", "\"fields\"")
            .field("task", "\"dense\"")
            .without("classes")
            .without("x_train")
            .without("y_train");
    if (train > 0) {
      addFields(set, "train", side, train);
    }
    addFields(set, "test", side, test);
    return set;
  }

  private static void addFields(NumpySet set, String split, int side, int samples) {
    Random random = new Random(samples);
    int points = side * side;
    double[] x = new double[samples * points];
    double[] y = new double[samples * points];
    for (int i = 0; i < samples; i++) {
      double level = 2 * random.nextDouble() - 1;
      for (int k = 0; k < points; k++) {
        x[i * points + k] = level + 0.05 * random.nextGaussian();
        y[i * points + k] = 10 + 4 * level;
      }
    }
    int[] shape = {samples, side, side};
    set.array("x_" + split, NpyWriter.npy("<f4", false, shape, x));
    set.array("y_" + split, NpyWriter.npy("<f4", false, shape, y));
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
        "the image size is 20, the encoder takes multiples of 8 pixels: choose one (backbone.image-size)",
        hiera,
        images,
        "backbone.image-size=20");
    assertRefused("is an encoder of text: remove it", "backbone.image-size=32");
    assertRefused(
        "smaller than the window of 2: take larger images (backbone.image-size)",
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
