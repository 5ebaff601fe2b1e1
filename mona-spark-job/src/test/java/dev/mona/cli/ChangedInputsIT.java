package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallTexts;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is continued with what it was started with, or not at all. */
class ChangedInputsIT {
  private static final long OTHER_SEED = JobFolder.SEED + 1;

  private static SparkSession spark;
  private static JobFolder folder;
  private static Path run;

  private final Path scratch;

  ChangedInputsIT(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  /** A run with its checkpoints that did not get as far as its mark. */
  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    run =
        folder.trained(
            spark,
            "stopped",
            "warmup.epochs=1",
            "alignment.epochs=0",
            "finetuning.epochs=0",
            "evaluation.retention=false");
    Files.delete(run.resolve("_SUCCESS"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static CommandRun resume() {
    return CommandRun.of(OneSession.of(spark), "train", "--resume", run.toString());
  }

  private static void assertRefused(String... parts) throws IOException {
    byte[] provenance = Files.readAllBytes(run.resolve("provenance.json"));
    CommandRun resumed = resume();
    assertThat(resumed.err()).matches("mona: [^\n]+\n").contains(parts);
    assertThat(resumed.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(Files.readAllBytes(run.resolve("provenance.json"))).isEqualTo(provenance);
    assertThat(run.resolve("_SUCCESS")).doesNotExist();
  }

  /** With another input in its place the run is refused, and with its own again it ends. */
  private void assertRefusedWith(Path other, Path input, String... parts) throws IOException {
    Path own = scratch.resolve("own");
    Files.move(input, own);
    Files.move(other, input);
    try {
      assertRefused(parts);
      assertRefused("put it back as it was, or start a new run", run.toString());
    } finally {
      Files.move(input, other);
      Files.move(own, input);
    }
    CommandRun resumed = resume();
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.code()).isZero();
    Files.delete(run.resolve("_SUCCESS"));
  }

  @Test
  void otherSamples() throws IOException {
    Path other = scratch.resolve("data");
    CommandRun converted =
        CommandRun.of(
            OneSession.of(spark),
            "convert",
            SmallTask.write(scratch.resolve("arrays"), OTHER_SEED).toString(),
            "--output",
            other.toString());
    assertThat(converted.err()).isEmpty();
    assertRefusedWith(other, folder.data(), folder.data() + "/train.parquet has SHA-256 ");
  }

  /** One value of the word table, which no checkpoint holds. */
  @Test
  void oneOtherWeight() throws IOException {
    Path other = SmallEncoder.write(scratch.resolve("encoder"), JobFolder.SEED);
    var tensors = SmallEncoder.tensors(JobFolder.SEED);
    WeightTensor words =
        tensors.stream()
            .filter(tensor -> tensor.name().equals("embeddings.word_embeddings.weight"))
            .findFirst()
            .orElseThrow();
    words.values()[5] += 1;
    try (OutputStream out = Files.newOutputStream(other.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of());
    }
    assertRefusedWith(
        other, folder.encoder(), "the pretrained encoder " + folder.encoder() + " has SHA-256 ");
  }

  @Test
  void otherSourceTexts() throws IOException {
    Path other = SmallTexts.write(spark, scratch.resolve("texts"), 18, OTHER_SEED);
    assertRefusedWith(
        other, folder.texts(), "source samples of " + folder.texts() + " has SHA-256 ");
  }

  @Test
  void checkpointsWithoutProvenance() throws IOException {
    Path provenance = run.resolve("provenance.json");
    Path own = scratch.resolve("own");
    Files.move(provenance, own);
    CommandRun resumed = resume();
    Files.move(own, provenance);
    assertThat(resumed.err()).contains("holds checkpoints but no provenance.json");
    assertThat(resumed.code()).isEqualTo(ExitCode.CONFIGURATION.code());
  }
}
