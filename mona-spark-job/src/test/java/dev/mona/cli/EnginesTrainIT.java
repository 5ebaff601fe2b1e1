package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.cli.failure.ExitCode;
import dev.mona.compute.Processor;
import dev.mona.data.SharedData;
import dev.mona.example.Interruption;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.gauges.MonaPlugin;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The quickstart in a short form, {@code mona} on DNA with MiniLM, by both engines. Test scores
 * move in steps of 1/100 and have a standard error of 0.05.
 */
class EnginesTrainIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** 48 samples in 2 partitions and batches of 8: 3 steps an epoch in 2 rounds. */
  private static final List<String> SHORT =
      List.of(
          "task.train-samples=48",
          "task.test-samples=100",
          "task.validation-fraction=0.02",
          "run.partitions=2",
          "run.threads-per-task=1",
          "averaging.frequency=2",
          "warmup.epochs=1",
          "warmup.batch-size=8",
          "alignment.epochs=1",
          "alignment.batch-size=8",
          "alignment.source-batch.classes=8",
          "finetuning.epochs=1",
          "finetuning.batch-size=8",
          "finetuning.schedule.warmup-epochs=0",
          "finetuning.schedule.decay-epochs=0",
          "source.per-class=12",
          "source.probe.train-per-class=8",
          "source.probe.test-per-class=4",
          "evaluation.outer-batches=2",
          "evaluation.discrepancy-samples=16");

  /**
   * Relative, of the mean loss of the first round of two steps. Later ones say nothing: six steps
   * of Adam on this encoder in float are 0.003 from the same in double, with either engine, while
   * the two engines in double agree in all seven digits.
   */
  private static final double LOSS = 1e-3;

  /** The same in bf16, whose factors have relative errors up to 0.004. */
  private static final double LOSS_BF16 = 0.02;

  /** Of the test error: two standard errors. */
  private static final double SCORE = 0.1;

  /** What a run with a small encoder does longer, so that it can be killed within. */
  private static final String[] SMALL = {
    "run.engine=torch", "warmup.epochs=2", "alignment.epochs=2", "checkpoint.every-rounds=1"
  };

  private static SparkSession spark;
  private static Path root;
  private static Path nd4j;
  private static Path torch;
  private static JobFolder folder;
  private static Path small;

  @BeforeAll
  static void train(@TempDir Path shared) throws IOException {
    spark = LocalSpark.session("local[2]", "spark.plugins", MonaPlugin.class.getName());
    root = shared;
    CommandRun converted =
        CommandRun.of(
            OneSession.of(spark),
            "convert",
            SharedData.quickstart().toString(),
            "--one-hot",
            "4",
            "--output",
            root.resolve("data").toString());
    assertThat(converted.err()).isEmpty();
    nd4j = trained("nd4j");
    torch = trained("torch", "run.engine=torch");
    folder = JobFolder.write(spark, Files.createDirectories(root.resolve("small")));
    small = folder.trained(spark, "small", SMALL);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<String> arguments(String id, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "train",
                "--task",
                SharedData.quickstart()
                    .resolve("../../tasks/dna_splice.conf")
                    .normalize()
                    .toString()));
    all.addAll(List.of("--output", root.resolve("runs").toString(), "--set", "run.id=" + id));
    all.addAll(List.of("--set", "task.data=" + root.resolve("data")));
    for (String setting : SHORT) {
      all.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      all.addAll(List.of("--set", setting));
    }
    return all;
  }

  private static CommandRun mona(List<String> arguments) {
    return CommandRun.of(OneSession.of(spark), arguments.toArray(String[]::new));
  }

  private static Path trained(String id, String... settings) {
    CommandRun run = mona(arguments(id, settings));
    assertThat(run.err()).as(id).isEmpty();
    assertThat(run.code()).as(id).isZero();
    return root.resolve("runs").resolve(id);
  }

  private static String[] with(String setting) {
    List<String> settings = new ArrayList<>(List.of(SMALL));
    settings.add(setting);
    return settings.toArray(String[]::new);
  }

  private static List<JsonNode> rounds(Path run) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics/rounds.jsonl"))) {
      rounds.add(JSON.readTree(line));
    }
    return rounds;
  }

  private static JsonNode json(Path run, String file) throws IOException {
    return JSON.readTree(run.resolve(file).toFile());
  }

  private static JsonNode summary(Path run) throws IOException {
    return json(run, "metrics/summary.json");
  }

  private static double testError(Path run) throws IOException {
    return summary(run).path("scores").path("test_error_rate").asDouble();
  }

  /** Relative distance of the mean losses of the first rounds of two runs. */
  private static double apart(Path a, Path b) throws IOException {
    return Math.abs(firstLoss(a) / firstLoss(b) - 1);
  }

  private static double firstLoss(Path run) throws IOException {
    return rounds(run).get(0).path("metrics").path("loss").asDouble();
  }

  /** Rounding is all that differs. */
  @Test
  void bothEnginesTrainTheSame() throws IOException {
    assertThat(apart(nd4j, torch)).isPositive().isLessThan(LOSS);
    assertThat(testError(torch)).isCloseTo(testError(nd4j), within(SCORE));
    assertThat(torch.resolve("finetuned/model.safetensors").toFile())
        .hasSize(Files.size(nd4j.resolve("finetuned/model.safetensors")));
  }

  /** With a small encoder. {@code ClusterIT} has the other engine, with a small model. */
  @Test
  void averagingInPlaceLeadsToTheSameBytes() throws IOException {
    Path run = folder.trained(spark, "in-place", with("averaging.transport=collective"));
    JobFolder.assertSameModels(run, small, "in place");
    for (int i = 0; i < rounds(run).size(); i++) {
      assertThat(rounds(run).get(i).path("metrics").path("loss"))
          .isEqualTo(rounds(small).get(i).path("metrics").path("loss"));
    }
    assertThat(rounds(run)).hasSameSizeAs(rounds(small));
    JsonNode start = json(run, "provenance.json").path("starts").get(0);
    assertThat(start.path("averaging_transport").asText()).isEqualTo("collective");
    assertThat(start.path("averaging_transport_because").asText()).isEqualTo("it is asked for");
    assertThat(
            json(small, "provenance.json")
                .path("starts")
                .get(0)
                .path("averaging_transport_because")
                .asText())
        .isEqualTo("all workers share one JVM");
  }

  /** SIGKILL in alignment, in a JVM of its own; the rest is trained here, averaged in place. */
  @Test
  void aKilledRunEndsWithTheSameBytes(@TempDir Path home) throws IOException, InterruptedException {
    Path run = folder.run("killed");
    List<String> options = new ArrayList<>(List.of("-Xmx2g"));
    options.addAll(LocalSpark.options("local[2]"));
    Process process =
        JavaProcess.start(
            home, options, Main.class.getName(), folder.trainArguments("killed", SMALL));
    Interruption.kill(process, home, run, Stage.ALIGNMENT);
    assertThat(run.resolve("_SUCCESS")).doesNotExist();

    for (String other : List.of("run.engine=nd4j", "run.precision=bf16")) {
      CommandRun refused = mona(List.of("train", "--resume", run.toString(), "--set", other));
      assertThat(refused.code()).isEqualTo(ExitCode.CONFIGURATION.code());
      assertThat(refused.err())
          .contains("was started on torch in float32 and is continued on")
          .contains("set run.engine and run.precision as they were");
    }
    CommandRun resumed =
        mona(
            List.of(
                "train", "--resume", run.toString(), "--set", "averaging.transport=collective"));
    assertThat(resumed.err()).isEmpty();
    JobFolder.assertSameModels(run, small, "killed");
    assertThat(testError(run)).isEqualTo(testError(small));
  }

  @Test
  void provenanceNamesEnginePrecisionAndDevices() throws IOException {
    JsonNode facts = json(torch, "provenance.json");
    assertThat(facts.path("engine").asText()).isEqualTo("torch");
    assertThat(facts.path("precision").asText()).isEqualTo("float32");
    assertThat(facts.path("devices")).hasSize(1);
    assertThat(facts.path("devices").get(0).asText()).startsWith("libtorch 2.").contains("CPU");
    assertThat(facts.path("config_sha256").asText())
        .isNotEqualTo(json(nd4j, "provenance.json").path("config_sha256").asText());
  }

  @Test
  void bfloat16TrainsTwiceWithTheSameBytesAndNearFloat() throws IOException {
    assumeThat(Processor.here().bfloat16()).isTrue();
    Path first = trained("bf16", "run.engine=torch", "run.precision=bf16");
    Path again = trained("bf16-again", "run.engine=torch", "run.precision=bf16");
    JobFolder.assertSameModels(again, first, "again");
    assertThat(json(first, "provenance.json").path("precision").asText()).isEqualTo("bf16");
    assertThat(apart(first, torch)).as("rounded, and only that").isBetween(1e-5, LOSS_BF16);
    assertThat(testError(first)).isCloseTo(testError(torch), within(SCORE));
  }

  @Test
  void scoresAndEmbeddingsOfAnotherEngineAreTheSame() throws IOException {
    double here = score(mona(List.of("evaluate", torch.toString())));
    assertThat(here).isCloseTo(testError(torch), within(5e-4));
    assertThat(score(mona(List.of("evaluate", torch.toString(), "--set", "run.engine=nd4j"))))
        .as("at most one sample of 100 is on the border")
        .isCloseTo(here, within(0.011));
    String tokens = root.resolve("tokens").toString();
    CommandRun embedded =
        mona(List.of("embed", torch.toString(), "--output", tokens, "--samples", "2"));
    assertThat(embedded.err()).isEmpty();
    assertThat(spark.read().parquet(tokens).where("origin = 'target'").count()).isEqualTo(80);
  }

  private static double score(CommandRun run) {
    assertThat(run.err()).isEmpty();
    String line =
        run.out().lines().filter(l -> l.startsWith("error-rate")).findFirst().orElseThrow();
    return Double.parseDouble(line.substring("error-rate".length()).trim());
  }
}
