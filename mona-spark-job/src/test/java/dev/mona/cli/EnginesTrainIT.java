package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.cli.failure.ExitCode;
import dev.mona.data.SharedData;
import dev.mona.example.Interruption;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
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
import scala.Tuple2;

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
          "run.partitions=2",
          "run.threads-per-task=1",
          "averaging.frequency=2",
          "warmup.epochs=1",
          "warmup.batch-size=8",
          "alignment.epochs=1",
          "alignment.batch-size=8",
          "alignment.source-batch.classes=8",
          "finetuning.epochs=2",
          "finetuning.batch-size=8",
          "finetuning.schedule.warmup-epochs=0",
          "finetuning.schedule.decay-epochs=0",
          "source.per-class=12",
          "source.probe.train-per-class=8",
          "source.probe.test-per-class=4",
          "evaluation.outer-batches=2",
          "evaluation.discrepancy-samples=16",
          "checkpoint.every-rounds=1");

  private static SparkSession spark;
  private static Path root;
  private static Path nd4j;
  private static Path torch;

  @BeforeAll
  static void train(@TempDir Path folder) {
    spark = LocalSpark.session("local[2]");
    root = folder;
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
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<String> arguments(String id, String... settings) {
    List<String> all =
        new ArrayList<>(List.of("train", "--task", SharedData.quickstart().resolve("../../tasks/dna_splice.conf").normalize().toString()));
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

  @Test
  void show() throws IOException {
    System.err.println(Files.readString(nd4j.resolve("metrics/rounds.jsonl")));
    System.err.println(Files.readString(torch.resolve("metrics/rounds.jsonl")));
    System.err.println(Files.readString(nd4j.resolve("metrics/summary.json")));
    System.err.println(Files.readString(torch.resolve("metrics/summary.json")));
    System.err.println(Files.readString(torch.resolve("provenance.json")));
  }
}
