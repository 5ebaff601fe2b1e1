package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.encoder.Hiera;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallVision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One worker in the driver's JVM holds few copies of its state. Hiera of SAM 2 has 26.8 M
 * parameters, with Adam's moments a state of 320 MB.
 */
class OneWorkerHeapIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 300;

  /** All stages, finetuning with a checkpoint after every round and another best epoch. */
  private static final List<String> SETTINGS =
      List.of(
          "run.partitions=1",
          "backbone.image-size=32",
          "alignment.source-batch.classes=3",
          "finetuning.batch-size=12",
          "finetuning.epochs=2",
          "checkpoint.every-rounds=1");

  @Test
  void hieraTrainsInTwoGigabytes(@TempDir Path root) throws IOException, InterruptedException {
    JobFolder folder;
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      folder = JobFolder.write(spark, root);
      SmallVision.images(spark, root.resolve("images"), 16, JobFolder.SEED);
    }
    Path hiera = SmallVision.write(root.resolve("hiera"), Hiera.SAM2_TINY, JobFolder.SEED);
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("backbone.weights=" + hiera);
    settings.add("source.path=" + root.resolve("images"));
    List<String> options = new ArrayList<>(List.of("-Xmx2g"));
    options.addAll(LocalSpark.options("local[1]"));
    Path home = root.resolve("home");
    Process process =
        JavaProcess.start(
            home,
            options,
            Main.class.getName(),
            folder.trainArguments("hiera", settings.toArray(String[]::new)));
    JavaProcess.ended(process, home, PATIENCE_SECONDS);
    JsonNode summary =
        JSON.readTree(Files.readString(folder.run("hiera").resolve("metrics/summary.json")));
    assertThat(summary.path("scores").has("test_error_rate")).isTrue();
  }
}
