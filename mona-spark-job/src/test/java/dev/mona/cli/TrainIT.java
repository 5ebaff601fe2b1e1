package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.cli.failure.ExitCode;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.ModelFolder;
import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunStarted;
import dev.mona.events.StageEnded;
import dev.mona.events.StageStarted;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The whole job through the command line: what a run leaves behind, and what is made of it. */
class TrainIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "mona-run";

  private static SparkSession spark;
  private static JobFolder folder;
  private static Path run;
  private static CommandRun training;
  private static List<String> told = List.of();

  /** A listener as a user names it. */
  public static final class Told implements RunListener {
    private static final List<String> EVENTS = new ArrayList<>();

    public Told() {
      EVENTS.clear();
    }

    @Override
    public void runStarted(RunStarted started) {
      EVENTS.add("run started " + started.method());
    }

    @Override
    public void stageStarted(StageStarted started) {
      EVENTS.add(started.stage().id() + " started");
    }

    @Override
    public void roundEnded(RoundEnded ended) {
      EVENTS.add("round " + ended.at().epoch().index() + "." + ended.at().index());
    }

    @Override
    public void epochEnded(EpochEnded ended) {
      EVENTS.add("epoch " + ended.at().index());
      throw new IllegalStateException("no run ends because of this");
    }

    @Override
    public void stageEnded(StageEnded ended) {
      EVENTS.add(ended.stage().id() + " ended");
    }

    @Override
    public void runEnded(RunEnded ended) {
      EVENTS.add("run ended " + ended.stopReason());
    }

    @Override
    public void close() {
      EVENTS.add("closed");
    }
  }

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    training = folder.train(spark, ID, "run.listeners=" + Told.class.getName());
    told = List.copyOf(Told.EVENTS);
    run = folder.run(ID);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static CommandRun mona(String... arguments) {
    return CommandRun.of(OneSession.of(spark), arguments);
  }

  private static JsonNode summary(Path directory) throws IOException {
    return JSON.readTree(Files.readString(directory.resolve("metrics/summary.json")));
  }

  private static List<JsonNode> lines(String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve(file))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static Map<String, WeightTensor> tensors(String file) throws IOException {
    return tensors(run, file);
  }

  private static Map<String, WeightTensor> tensors(Path run, String file) throws IOException {
    Path path = run.resolve(file);
    try (InputStream in = Files.newInputStream(path)) {
      return Safetensors.read(in, Files.size(path), file);
    }
  }

  /** The score that a table on standard output names. */
  private static double score(CommandRun shown, String name) {
    String line =
        shown.out().lines().filter(l -> l.startsWith(name + " ")).findFirst().orElseThrow();
    return Double.parseDouble(line.substring(name.length()).trim());
  }

  @Test
  void aRunLeavesAllItsOutputsAndNothingHalfWritten() throws IOException {
    assertThat(training.err()).isEmpty();
    assertThat(training.code()).isZero();
    assertThat(training.out()).contains("run ").contains(ID + " ended: COMPLETED\n");
    List<String> files;
    try (Stream<Path> all = Files.walk(run)) {
      files =
          all.filter(Files::isRegularFile)
              .map(file -> run.relativize(file).toString())
              .sorted()
              .toList();
    }
    assertThat(files)
        .containsExactlyInAnyOrder(
            "_SUCCESS",
            "config.conf",
            "provenance.json",
            "aligned/config.json",
            "aligned/embedder.safetensors",
            "aligned/manifest.json",
            "finetuned/README.md",
            "finetuned/config.json",
            "finetuned/manifest.json",
            "finetuned/model.safetensors",
            "finetuned/network.zip",
            "metrics/epochs.jsonl",
            "metrics/rounds.jsonl",
            "metrics/summary.json",
            "checkpoints/finetuning-0001-000000/best.safetensors",
            "checkpoints/finetuning-0001-000000/manifest.json",
            "checkpoints/finetuning-0001-000000/state.safetensors",
            "checkpoints/finetuning-0002-000000/best.safetensors",
            "checkpoints/finetuning-0002-000000/manifest.json",
            "checkpoints/finetuning-0002-000000/state.safetensors");
  }

  @Test
  void aListenerIsToldEverythingAndHarmsNothing() {
    assertThat(told)
        .containsExactly(
            "run started mona",
            "warmup started",
            "round 0.0",
            "round 0.1",
            "epoch 0",
            "warmup ended",
            "alignment started",
            "round 0.0",
            "round 0.1",
            "epoch 0",
            "alignment ended",
            "finetuning started",
            "round 0.0",
            "round 0.1",
            "epoch 0",
            "round 1.0",
            "round 1.1",
            "epoch 1",
            "finetuning ended",
            "run ended COMPLETED",
            "closed");
  }

  @Test
  void theConfigurationOfTheRunIsTheOneThatWasGiven() throws IOException {
    MonaConfig config =
        ConfigLayers.start().text("run", Files.readString(run.resolve("config.conf"))).load();
    assertThat(config.run().id()).isEqualTo(ID);
    JsonNode provenance = JSON.readTree(Files.readString(run.resolve("provenance.json")));
    assertThat(provenance.path("config_sha256").asText()).isEqualTo(config.hash());
    assertThat(provenance.path("stop_reason").asText()).isEqualTo("COMPLETED");
    assertThat(provenance.path("seed").asLong()).isEqualTo(config.run().seed());
    assertThat(provenance.path("partitions").asInt()).isEqualTo(2);
    assertThat(provenance.path("engine").asText()).isEqualTo("nd4j");
    assertThat(provenance.path("precision").asText()).isEqualTo("float32");
    assertThat(provenance.path("devices")).hasSize(1);
    assertThat(provenance.path("devices").get(0).asText()).startsWith("ND4J").contains("CPU");
    assertThat(provenance.path("task").path("kind").asText()).isEqualTo("CLASSIFICATION");
    assertThat(provenance.path("data").path("train_samples").asInt()).isEqualTo(36);
    assertThat(provenance.path("data").path("validation_samples").asInt()).isEqualTo(12);
    assertThat(provenance.path("data").path("train_sha256").asText()).hasSize(64);
    assertThat(provenance.path("backbone").path("encoder_sha256").asText()).hasSize(64);
    assertThat(provenance.path("versions").path("spark").asText()).isEqualTo(spark.version());
  }

  /** 18 samples in each of 2 partitions are 3 steps of 6, in rounds of 2 steps: 2 an epoch. */
  @Test
  void metricsHoldALineForEachRoundAndEpoch() throws IOException {
    assertThat(lines("metrics/rounds.jsonl"))
        .extracting(
            line ->
                "%s %d %d/%d: %d"
                    .formatted(
                        line.path("stage").asText(),
                        line.path("epoch").asInt(),
                        line.path("round").asInt(),
                        line.path("of_rounds").asInt(),
                        line.path("examples").asInt()))
        .containsExactly(
            "warmup 0 0/2: 24",
            "warmup 0 1/2: 12",
            "alignment 0 0/2: 24",
            "alignment 0 1/2: 12",
            "finetuning 0 0/2: 24",
            "finetuning 0 1/2: 12",
            "finetuning 1 0/2: 24",
            "finetuning 1 1/2: 12");
    List<JsonNode> epochs = lines("metrics/epochs.jsonl");
    assertThat(epochs)
        .extracting(line -> line.path("stage").asText() + " " + line.path("epoch").asInt())
        .containsExactly("warmup 0", "alignment 0", "finetuning 0", "finetuning 1");
    for (JsonNode epoch : epochs) {
      assertThat(epoch.path("examples").asInt()).isEqualTo(36);
      assertThat(epoch.path("metrics").path("validation_error").isNumber()).isTrue();
    }
    assertThat(epochs.get(1).path("metrics").path("forgetting_gap").isNumber()).isTrue();
    assertThat(epochs.get(3).path("metrics").path("probe_error").isNumber()).isTrue();
  }

  @Test
  void theFinetunedModelIsAHuggingFaceEncoder() throws IOException {
    Map<String, WeightTensor> tensors = tensors("finetuned/model.safetensors");
    List<String> own =
        tensors.keySet().stream().filter(name -> !SmallEncoder.CONFIG.tensors().has(name)).toList();
    assertThat(own).allMatch(name -> name.matches("(target_embedder|head)\\..+"));
    EncoderCheckpoint back = EncoderCheckpoint.open(ModelFolder.of(run.resolve("finetuned")));
    assertThat(back.encoder()).isEqualTo(SmallEncoder.CONFIG);
    List<String> moved = new ArrayList<>();
    for (WeightTensor before : SmallEncoder.tensors(JobFolder.SEED)) {
      WeightTensor after = back.tensor(before.name());
      assertThat(after.shape()).as(before.name()).isEqualTo(before.shape());
      if (before.name().startsWith("encoder.layer.")) {
        if (!Arrays.equals(after.values(), before.values())) {
          moved.add(before.name());
        }
      } else if (!before.name().contains("token_type")) {
        assertThat(after.values()).as(before.name()).isEqualTo(before.values());
      }
    }
    assertThat(moved).as("finetuning moves the encoder").hasSizeGreaterThan(20);
  }

  /** Steps too small to be seen leave what finetuning starts from. */
  @Test
  void theAlignedEmbedderIsTheOneThatFinetuningStartsFrom() throws IOException {
    Path start =
        folder.trained(
            spark,
            "start",
            "finetuning.optimizer.learning-rate=1e-12",
            "evaluation.retention=false");
    Map<String, WeightTensor> started = tensors(start, "finetuned/model.safetensors");
    Map<String, WeightTensor> aligned = tensors("aligned/embedder.safetensors");
    Map<String, WeightTensor> finetuned = tensors("finetuned/model.safetensors");
    assertThat(aligned).isNotEmpty();
    for (WeightTensor tensor : aligned.values()) {
      assertThat(tensor.name()).startsWith("target_embedder.");
      assertThat(started)
          .hasEntrySatisfying(
              tensor.name(),
              at -> {
                assertThat(at.shape()).isEqualTo(tensor.shape());
                assertThat(at.values())
                    .as(tensor.name())
                    .containsExactly(tensor.values(), within(1e-9f));
              });
      assertThat(finetuned)
          .hasEntrySatisfying(
              tensor.name(),
              after -> {
                assertThat(after.shape()).isEqualTo(tensor.shape());
                assertThat(after.values()).as("finetuned").isNotEqualTo(tensor.values());
              });
    }
    assertThat(run.resolve("aligned/config.json"))
        .hasSameBinaryContentAs(folder.encoder().resolve("config.json"));
  }

  @Test
  void theTaskIsLearntFarBetterThanByChance() throws IOException {
    double chance = 1 - 1.0 / SmallTask.CLASSES;
    assertThat(summary(run).path("scores").path("test_error_rate").asDouble(1))
        .isLessThan(chance / 2);
    assertThat(summary(run).path("epochs").asInt()).isEqualTo(4);
    List<JsonNode> rounds = lines("metrics/rounds.jsonl");
    double first = rounds.get(0).path("metrics").path("loss").asDouble();
    double last = rounds.get(7).path("metrics").path("loss").asDouble();
    assertThat(last).isLessThan(first / 2);
  }

  /** Of three embedders, by what the source's probe says of the same samples. */
  @Test
  void theDiscrepancyIsMeasuredBeforeAlignmentAfterItAndAtTheEnd() throws IOException {
    double initial = summary(run).path("scores").path("discrepancy_initial").asDouble(-1);
    double aligned = summary(run).path("scores").path("discrepancy_aligned").asDouble(-1);
    double last = summary(run).path("scores").path("discrepancy").asDouble(-1);
    assertThat(List.of(initial, aligned, last))
        .doesNotHaveDuplicates()
        .allMatch(d -> d > 0 && d < 10 * Math.log(SmallTask.CLASSES));
  }

  @Test
  void evaluatePredictAndTheGraphAgreeWithTheSummary(@TempDir Path scratch) throws IOException {
    CommandRun evaluated = mona("evaluate", run.toString());
    assertThat(evaluated.err()).isEmpty();
    double error = summary(run).path("scores").path("test_error_rate").asDouble(-1);
    assertThat(score(evaluated, "error-rate")).isCloseTo(error, within(5e-4));

    Path output = scratch.resolve("predictions");
    CommandRun predicted = mona("predict", run.toString(), "--output", output.toString());
    assertThat(predicted.err()).isEmpty();
    assertThat(predicted.out()).isEqualTo(SmallTask.TEST + " predictions in " + output + "\n");
    List<Row> rows = spark.read().parquet(output.toString()).orderBy("id").collectAsList();
    List<Row> samples =
        spark.read().parquet(folder.data() + "/test.parquet").orderBy("id").collectAsList();
    assertThat(rows).hasSize(SmallTask.TEST);

    ComputationGraph graph =
        ModelSerializer.restoreComputationGraph(run.resolve("finetuned/network.zip").toFile());
    int wrong = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Row sample = samples.get(i);
      assertThat(row.<Long>getAs("id")).isEqualTo(sample.<Long>getAs("id"));
      int label = row.getAs("label");
      int prediction = row.getAs("prediction");
      assertThat(label).isEqualTo(SmallTask.label(i)).isEqualTo(sample.<Integer>getAs("label"));
      wrong += prediction == label ? 0 : 1;

      INDArray features =
          Nd4j.createFromArray(floats(sample, "features")).reshape(1, SmallTask.FEATURES);
      float[] probabilities = graph.outputSingle(features).toFloatVector();
      float[] logits = floats(row, "logits");
      assertThat(probabilities).as("sample %d", i).containsExactly(softmax(logits), within(1e-5f));
      assertThat(floats(row, "probability")).containsExactly(softmax(logits), within(1e-6f));
    }
    assertThat((double) wrong / rows.size()).isCloseTo(error, within(1e-12));
    CommandRun again = mona("predict", run.toString(), "--output", output.toString());
    assertThat(again.code()).isEqualTo(ExitCode.STORAGE.code());
    assertThat(again.err()).isEqualTo("mona: " + output + " exists: name a new directory\n");
  }

  /** A target sample has 12 / 3 tokens; two embedders make them, one makes those of the texts. */
  @Test
  void embeddedTokensAreThoseOfTheEmbedders(@TempDir Path scratch) {
    Path output = scratch.resolve("embeddings");
    CommandRun embedded =
        mona("embed", run.toString(), "--output", output.toString(), "--samples", "5");
    assertThat(embedded.err()).isEmpty();
    Dataset<Row> tokens = spark.read().parquet(output.toString());
    assertThat(embedded.out()).isEqualTo(tokens.count() + " tokens in " + output + "\n");
    for (String embedder : List.of("aligned", "finetuned")) {
      Dataset<Row> target = tokens.where("origin = 'target' and embedder = '" + embedder + "'");
      assertThat(target.count()).as(embedder).isEqualTo(5 * 4);
      // positions 0, 6, 12, 18, 24 of 30 samples whose classes take turns: all of class 0
      assertThat(target.select("sample").distinct().collectAsList())
          .extracting(row -> row.getLong(0) % 6)
          .hasSize(5)
          .containsOnly(0L);
    }
    Dataset<Row> source = tokens.where("origin = 'source' and embedder = 'pretrained'");
    assertThat(source.select("sample").distinct().count()).isEqualTo(5);
    assertThat(tokens.where("size(values) <> " + SmallEncoder.CONFIG.shape().width()).count())
        .isZero();
    // the layer norm of e_s starts that of e_phi: no token is far longer than another
    for (Row row : tokens.collectAsList()) {
      double squares = 0;
      for (float value : floats(row, "values")) {
        squares += value * value;
      }
      assertThat(squares).as(row.getString(0)).isBetween(1e-3, 1e3);
    }
    assertThat(mona("embed", run.toString(), "--output", output.toString()).err())
        .isEqualTo("mona: " + output + " exists: name a new directory\n");
  }

  private static float[] floats(Row row, String column) {
    List<Float> list = row.getList(row.fieldIndex(column));
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return values;
  }

  private static float[] softmax(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    float[] probabilities = new float[logits.length];
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = (float) (Math.exp(logits[k]) / sum);
    }
    return probabilities;
  }

  @Test
  void validateAndInspectShowTheRun() {
    CommandRun validated = mona("validate", "--task", folder.task().toString());
    assertThat(validated.err()).isEmpty();
    assertThat(validated.out())
        .contains("samples 36 train in 2 partitions, 12 validation, 30 test\n");
    CommandRun inspected = mona("inspect", run.toString());
    assertThat(inspected.err()).isEmpty();
    assertThat(inspected.out()).contains("\ncompleted at ", "stop_reason COMPLETED");
    assertThat(mona("inspect", run.resolve("finetuned/model.safetensors").toString()).out())
        .contains("encoder.layer.1.output.dense.weight")
        .contains("metadata task = waves\n");
  }

  @Test
  void aRunThatDivergesEndsWithItsOwnCodeAndWithoutAModel() throws IOException {
    CommandRun ended =
        folder.train(
            spark, "diverged", "finetuning.optimizer.learning-rate=1e30", "finetuning.clip-norm=0");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(ExitCode.DIVERGED.code());
    assertThat(ended.out()).contains("ended: DIVERGED\nwall time ");
    Path diverged = folder.run("diverged");
    assertThat(summary(diverged).path("stop_reason").asText()).isEqualTo("DIVERGED");
    assertThat(diverged.resolve("aligned/embedder.safetensors"))
        .hasSameBinaryContentAs(run.resolve("aligned/embedder.safetensors"));
    assertThat(diverged.resolve("finetuned")).doesNotExist();
    assertThat(diverged.resolve("_SUCCESS")).doesNotExist();
    CommandRun evaluated = mona("evaluate", diverged.toString());
    assertThat(evaluated.code()).isEqualTo(ExitCode.WEIGHTS.code());
    assertThat(evaluated.err()).contains("holds no finetuned/model.safetensors");
    assertThat(mona("inspect", diverged.toString()).out()).contains("stop_reason DIVERGED");
  }

  /** The decay of 1000 a step makes weights large before it makes them infinite. */
  @Test
  void afterADivergenceTheBestEpochIsLeft() throws IOException {
    CommandRun ended =
        folder.train(
            spark,
            "late",
            "finetuning.epochs=8",
            "finetuning.optimizer.kind=sgd",
            "finetuning.optimizer.learning-rate=1",
            "finetuning.optimizer.weight-decay=1000",
            "evaluation.retention=false");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(ExitCode.DIVERGED.code());
    Path late = folder.run("late");
    JsonNode summary = summary(late);
    assertThat(summary.path("stop_reason").asText()).isEqualTo("DIVERGED");
    assertThat(summary.has("best_finetuning_epoch")).isTrue();
    assertThat(late.resolve("_SUCCESS")).doesNotExist();
    CommandRun evaluated = mona("evaluate", late.toString());
    assertThat(evaluated.err()).isEmpty();
    assertThat(score(evaluated, "error-rate"))
        .isCloseTo(summary.path("scores").path("test_error_rate").asDouble(), within(1e-4));
  }

  /** The first step of finetuning throws the weights out; no later one can be taken. */
  @Test
  void droppedStepsAreCountedAndTooManyInARowEndTheRun() throws IOException {
    CommandRun ended =
        folder.train(
            spark,
            "dropping",
            "finetuning.optimizer.learning-rate=1e30",
            "finetuning.clip-norm=0",
            "training.non-finite=skip",
            "training.non-finite-limit=3",
            "evaluation.retention=false");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(ExitCode.DIVERGED.code());
    Path dropping = folder.run("dropping");
    assertThat(summary(dropping).path("dropped_steps").asInt(-1)).isNotNegative();
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(dropping.resolve("metrics/rounds.jsonl"))) {
      rounds.add(JSON.readTree(line));
    }
    assertThat(rounds)
        .filteredOn(round -> !round.path("stage").asText().equals("finetuning"))
        .allSatisfy(
            round -> assertThat(round.path("metrics").path("dropped_steps").asInt(-1)).isZero());
    JsonNode last = rounds.get(rounds.size() - 1).path("metrics");
    assertThat(last.path("dropped_steps").asInt()).isPositive();
    assertThat(last.has("loss")).isFalse();
  }

  @Test
  void everySplitIsScored() {
    for (String split : List.of("train", "val")) {
      CommandRun scored = mona("evaluate", run.toString(), "--split", split);
      assertThat(scored.err()).as(split).isEmpty();
      assertThat(score(scored, "error-rate")).as(split).isBetween(0.0, 0.34);
    }
  }

  @Test
  void aSetWithATestSplitOnlyIsScoredButNotTrainedOn(@TempDir Path scratch) {
    Path alone = scratch.resolve("alone");
    CommandRun converted =
        mona(
            "convert",
            folder.root().resolve("arrays").toString(),
            "--split",
            "test=test",
            "--output",
            alone.toString());
    assertThat(converted.err()).isEmpty();
    assertThat(converted.out()).doesNotContain("train");
    CommandRun own = mona("evaluate", run.toString());
    assertThat(mona("evaluate", run.toString(), "--data", alone.toString()).out())
        .isEqualTo(own.out());
    CommandRun absent =
        mona("evaluate", run.toString(), "--data", alone.toString(), "--split", "train");
    assertThat(absent.err())
        .isEqualTo("mona: split train of " + alone + " has no samples: score another split\n");
    CommandRun refused = folder.train(spark, "alone", "task.data=" + alone);
    assertThat(refused.code()).isEqualTo(ExitCode.DATA.code());
    assertThat(refused.err())
        .isEqualTo(
            "mona: "
                + alone
                + " has only a test split: train on another set and score this one with mona"
                + " evaluate\n");
    assertThat(folder.run("alone")).doesNotExist();
  }

  /** Steps too small to be seen leave the encoder as it started. */
  @Test
  void fromScratchTheEncoderDoesNotStartAsTheCheckpoint() throws IOException {
    Path scratch =
        folder.trained(
            spark, "random", "method=scratch", "finetuning.optimizer.learning-rate=1e-12");
    EncoderCheckpoint started =
        EncoderCheckpoint.open(ModelFolder.of(scratch.resolve("finetuned")));
    for (WeightTensor pretrained : SmallEncoder.tensors(JobFolder.SEED)) {
      if (pretrained.name().startsWith("encoder.layer.")) {
        WeightTensor tensor = started.tensor(pretrained.name());
        double expected = pretrained.name().endsWith("LayerNorm.weight") ? 1 : 0;
        double spread = pretrained.shape().length > 1 ? 0.02 : 0;
        double squares = 0;
        for (float value : tensor.values()) {
          squares += Math.pow(value - expected, 2) / tensor.values().length;
        }
        assertThat(Math.sqrt(squares)).as(tensor.name()).isCloseTo(spread, within(0.003));
      }
    }
  }

  @Test
  void theFrozenTransformerChangesLayerNormsOnly() throws IOException {
    Path frozen = folder.trained(spark, "frozen", "method=layernorm");
    EncoderCheckpoint back = EncoderCheckpoint.open(ModelFolder.of(frozen.resolve("finetuned")));
    for (WeightTensor before : SmallEncoder.tensors(JobFolder.SEED)) {
      if (before.name().startsWith("encoder.layer.")) {
        assertThat(Arrays.equals(back.tensor(before.name()).values(), before.values()))
            .as(before.name())
            .isNotEqualTo(before.name().contains("LayerNorm"));
      }
    }
  }

  /** Not a longer warm-up: the alignment's new moments and order of samples are there. */
  @Test
  void theControlIsMonaWithAStrengthOfZeroToTheByte() {
    Path control = folder.trained(spark, "control", "method=warmup-finetune");
    Path zero = folder.trained(spark, "zero", "alignment.strength.ratio=0");
    JobFolder.assertSameModels(control, zero, "control");
    String[] checkpoints = zero.resolve("checkpoints").toFile().list();
    assertThat(checkpoints).isNotEmpty();
    for (String checkpoint : checkpoints) {
      for (String file : List.of("state.safetensors", "best.safetensors")) {
        assertThat(control.resolve("checkpoints").resolve(checkpoint).resolve(file))
            .hasSameBinaryContentAs(zero.resolve("checkpoints").resolve(checkpoint).resolve(file));
      }
    }
    assertThat(control.resolve("aligned/embedder.safetensors"))
        .satisfies(
            file ->
                assertThat(Files.readAllBytes(file))
                    .isNotEqualTo(Files.readAllBytes(run.resolve("aligned/embedder.safetensors"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"finetune", "mona-shuffled", "orca", "layernorm", "scratch"})
  void otherMethodsMakeAsManyPassesAndAreCompared(String method) throws IOException {
    Path other = folder.trained(spark, method, "method=" + method);
    assertThat(summary(other).path("method").asText()).isEqualTo(method);
    assertThat(summary(other).path("epochs").asInt()).isEqualTo(4);
    boolean aligned = other.resolve("aligned").toFile().exists();
    assertThat(summary(other).path("scores").has("discrepancy_aligned")).isEqualTo(aligned);
    assertThat(other.resolve("finetuned/model.safetensors"))
        .isRegularFile()
        .satisfies(
            file ->
                assertThat(Files.readAllBytes(file))
                    .isNotEqualTo(Files.readAllBytes(run.resolve("finetuned/model.safetensors"))));
    CommandRun compared = mona("compare", run.toString(), other.toString());
    assertThat(compared.err()).isEmpty();
    Map<String, String> rows = new LinkedHashMap<>();
    compared.out().lines().forEach(line -> rows.put(line.split(" ", 2)[0], line));
    assertThat(rows).containsKeys("mona", method);
    assertThat(rows.get(method)).contains(" -> ").doesNotContain("NaN");
  }
}
