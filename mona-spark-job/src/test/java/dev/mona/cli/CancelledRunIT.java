package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import dev.mona.example.LocalSpark;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run cancelled by its job group, as the kill links of Spark's UI do it by stage. */
class CancelledRunIT {
  private static final String[] LONGER = {"finetuning.epochs=4"};

  @Test
  void endsWithOneSentenceAndGoesOnToTheSameBytes(@TempDir Path root) throws Exception {
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      Path expected = folder.trained(spark, "expected", LONGER);
      CompletableFuture<CommandRun> training =
          CompletableFuture.supplyAsync(() -> folder.train(spark, "cancelled", LONGER));
      Path cancelled = folder.run("cancelled");
      while (!training.isDone()) {
        if (cancelled.resolve("aligned/embedder.safetensors").toFile().exists()) {
          spark.sparkContext().cancelJobGroup("mona-cancelled");
        }
        Thread.sleep(5);
      }
      CommandRun ended = training.get(1, TimeUnit.SECONDS);
      assertThat(ended.err())
          .startsWith("mona: " + cancelled + " was cancelled (Job ")
          .endsWith("): train --resume " + cancelled + " continues it\n");
      assertThat(ended.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
      assertThat(cancelled.resolve("_SUCCESS")).doesNotExist();
      assertThat(spark.sparkContext().statusTracker().getActiveJobIds()).isEmpty();

      CommandRun resumed =
          CommandRun.of(OneSession.of(spark), "train", "--resume", cancelled.toString());
      assertThat(resumed.err()).isEmpty();
      JobFolder.assertSameModels(cancelled, expected, "cancelled and continued");
    }
  }
}
