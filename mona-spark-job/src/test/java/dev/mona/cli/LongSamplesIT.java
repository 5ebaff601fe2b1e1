package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.data.NpyWriter;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sample of four megabytes: of such ones, few are read and dealt at once. Takes minutes: {@code
 * -Dmona.long=true}.
 */
@EnabledIfSystemProperty(named = "mona.long", matches = "true")
class LongSamplesIT {
  private static final long PATIENCE_SECONDS = 300;
  private static final int LENGTH = 1 << 20;
  private static final int TRAIN = 40;
  private static final int TEST = 3;

  @Test
  void areConvertedValidatedAndTrainedOnInASmallHeap(@TempDir Path root)
      throws IOException, InterruptedException {
    JobFolder folder;
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      folder = JobFolder.write(spark, root);
      Path arrays = root.resolve("large");
      Files.createDirectories(arrays);
      Files.writeString(
          arrays.resolve("card.json"),
          "{\"name\": \"large\", \"modality\": \"a test\", \"task\": \"classification\","
              + " \"classes\": 3, \"source\": \"a test\", \"licence\": \"CC0\"}");
      Files.write(arrays.resolve("y_train.npy"), SmallTask.labels(TRAIN));
      Files.write(arrays.resolve("y_test.npy"), SmallTask.labels(TEST));
      features(arrays.resolve("x_train.npy"), TRAIN);
      features(arrays.resolve("x_test.npy"), TEST);
      CommandRun converted =
          CommandRun.of(
              OneSession.of(spark),
              "convert",
              arrays.toString(),
              "--output",
              root.resolve("large-data").toString());
      assertThat(converted.err()).isEmpty();
      assertThat(converted.code()).isZero();
    }
    List<String> settings =
        List.of(
            "task.data=" + root.resolve("large-data"),
            "task.validation-fraction=0.1",
            "run.partitions=1",
            "embedder.kernel=65536",
            "evaluation.discrepancy-samples=4",
            "finetuning.epochs=1");
    run(
        root.resolve("converted"),
        "512m",
        List.of(
            "convert",
            "--format",
            "parquet",
            root.resolve("large-data/train.parquet").toString(),
            "--output",
            root.resolve("frame").toString()));
    String validated = run(root.resolve("validated"), "512m", validate(folder, settings));
    assertThat(validated).contains("disk of an executor: ", "spark.executor.memory ");
    run(
        root.resolve("trained"),
        "1g",
        folder.trainArguments("large", settings.toArray(String[]::new)));
    assertThat(folder.run("large").resolve("_SUCCESS")).exists();
  }

  private static List<String> validate(JobFolder folder, List<String> settings) {
    List<String> arguments =
        new ArrayList<>(List.of("validate", "--task", folder.task().toString(), "--cluster"));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  private static String run(Path home, String heap, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
    options.addAll(LocalSpark.options("local[1]"));
    options.add("-Dspark.local.dir=" + home);
    Process process = JavaProcess.start(home, options, Main.class.getName(), arguments);
    return JavaProcess.ended(process, home, PATIENCE_SECONDS);
  }

  private static void features(Path file, int samples) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(NpyWriter.file(1, NpyWriter.header("<f4", false, samples, 1, LENGTH), new byte[0]));
      ByteBuffer sample = ByteBuffer.allocate(Float.BYTES * LENGTH).order(ByteOrder.LITTLE_ENDIAN);
      for (int s = 0; s < samples; s++) {
        for (int i = 0; i < LENGTH; i++) {
          sample.putFloat(Float.BYTES * i, (float) (s % 3 - 1 + (i / 4096 + s) % 5));
        }
        out.write(sample.array());
      }
    }
  }
}
