package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.Interruption;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose alignment has the options of the virtual step, through the whole job. */
class VirtualStepIT {
  private static SparkSession spark;
  private static JobFolder folder;

  @BeforeAll
  static void write(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<JsonNode> alignment(Path run, String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics").resolve(file))) {
      JsonNode node = new ObjectMapper().readTree(line);
      if (node.path("stage").asText().equals("alignment")) {
        lines.add(node);
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  /** Of two workers, whose squares are averaged with the moments; from its first checkpoint. */
  @Test
  void aPreconditionedRunGoesOnToTheSameBytes() throws IOException {
    String[] stages = {"alignment.epochs=3", "finetuning.epochs=0"};
    Path plain = folder.trained(spark, "plain", stages);
    Path run =
        folder.trained(
            spark, "preconditioned", stages[0], stages[1], "alignment.virtual-step=preconditioned");
    long encoder = SmallEncoder.CONFIG.backbone().layout().length();
    assertThat(bytesOfARound(run)).isEqualTo(bytesOfARound(plain) + Float.BYTES * (encoder + 1));
    String embedder = "aligned/embedder.safetensors";
    assertThat(Files.mismatch(run.resolve(embedder), plain.resolve(embedder))).isNotNegative();
    List<String> checkpoints = Interruption.checkpoints(run);
    assertThat(checkpoints).hasSizeGreaterThan(1);
    assertThat(checkpoints.get(0)).startsWith("alignment");
    Path again = folder.run("again");
    copyUpTo(checkpoints.get(0), run, again);
    CommandRun resumed = CommandRun.of(OneSession.of(spark), "train", "--resume", again.toString());
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.code()).isZero();
    JobFolder.assertSameModels(again, run, "continued");
  }

  private static long bytesOfARound(Path run) throws IOException {
    return Objects.requireNonNull(alignment(run, "rounds.jsonl").get(0).findValue("averaged_bytes"))
        .asLong();
  }

  @Test
  void anOuterLossOnTheTargetIsThatOfAHeldOutBatch() throws IOException {
    Path run =
        folder.trained(
            spark,
            "target",
            "alignment.outer.data=target",
            "alignment.inner-steps=2",
            "alignment.virtual-steps.batches=new");
    for (JsonNode round : alignment(run, "rounds.jsonl")) {
      assertThat(round.findValue("held_out_loss")).isNotNull();
      assertThat(Objects.requireNonNull(round.findValue("held_out_loss")).asDouble()).isPositive();
      assertThat(round.findValue("uniform")).isNull();
    }
    // the source is measured all the same
    assertThat(alignment(run, "epochs.jsonl").get(0).findValue("forgetting_gap")).isNotNull();
  }

  @Test
  void aWorkerWithoutASecondBatchIsRefused() {
    CommandRun run =
        folder.train(spark, "few", "alignment.outer.data=target", "alignment.batch-size=60");
    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("needs 1 more beside itself", "lower alignment.batch-size or run.partitions");
  }

  /** The run as it was when its first checkpoint was written. */
  private static void copyUpTo(String checkpoint, Path run, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.matches("config\\.conf|provenance.*|metrics/.*jsonl")
            || name.startsWith("checkpoints/" + checkpoint)) {
          Files.createDirectories(to.resolve(name).resolveSibling("."));
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }
}
