package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.example.LocalSpark;
import dev.mona.inputs.ReadinessCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task is added by one file: nothing else names it. */
class AddedTaskIT {
  private static final String NAME = "a_new_task";

  @Test
  void oneFileAddsATask(@TempDir Path root) throws IOException {
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      Path tasks = Files.createDirectory(root.resolve("tasks"));
      Path file = tasks.resolve(NAME + ".conf");
      Files.writeString(
          file, JobFolder.task(root.toString()).replace("name = waves", "name = " + NAME));

      MonaConfig config = ConfigLayers.start().task(tasks, NAME).load();
      assertThat(config.task().name()).isEqualTo(NAME);
      ReadinessCheck check = OneSession.of(spark).check(() -> spark, config);
      assertThat(check.testSamples()).isEqualTo(SmallTask.TEST);
      assertThat(check.trainSamples() + check.validationSamples()).isEqualTo(SmallTask.TRAIN);

      CommandRun validated =
          CommandRun.of(OneSession.of(spark), "validate", "--task", file.toString());
      assertThat(validated.err()).isEmpty();
      assertThat(validated.code()).isZero();
      CommandRun trained =
          CommandRun.of(
              OneSession.of(spark),
              "train",
              "--task",
              file.toString(),
              "--output",
              folder.runs().toString(),
              "--set",
              "run.id=added");
      assertThat(trained.err()).isEmpty();
      assertThat(folder.run("added/_SUCCESS")).exists();
    }
  }
}
