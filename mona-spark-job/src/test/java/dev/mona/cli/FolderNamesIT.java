package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command where the names of folders hold what Hadoop, Spark and HOCON give a meaning. */
class FolderNamesIT {
  private static SparkSession spark;
  private static Path root;
  private static JobFolder folder;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    spark = LocalSpark.session("local[2]");
    root = scratch;
    folder =
        JobFolder.write(
            spark,
            scratch.resolve("2024-01-01T10:00:00 v[1] {a,b} back\\slash %20#?*$ donn\u00e9es x=1"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static CommandRun run(String... arguments) {
    CommandRun run = CommandRun.of(OneSession.of(spark), arguments);
    assertThat(run.err()).as(String.join(" ", arguments)).isEmpty();
    assertThat(run.code()).as(String.join(" ", arguments)).isZero();
    return run;
  }

  @Test
  void allCommandsTakeThemLetterByLetter() throws IOException {
    Path trained =
        folder.trained(
            spark, "one", "warmup.epochs=1", "alignment.epochs=1", "finetuning.epochs=1");
    run("validate", "--task", folder.task().toString(), "--config", "file:" + folder.task());
    run("evaluate", trained.toString());
    Path predictions = folder.root().resolve("10:00");
    run("predict", "file:" + trained + "/", "--output", predictions.toString());
    assertThat(predictions.resolve("_SUCCESS")).exists();
    run("embed", trained.toString(), "--output", folder.root().resolve("t:[1]").toString());
    assertThat(folder.root().resolve("t:[1]/_SUCCESS")).exists();
    assertThat(run("inspect", trained.toString()).out()).contains("complete");
    run("compare", trained.toString(), trained + "/");
    run("train", "--resume", trained.toString(), "--set", "finetuning.epochs=2");
    List<Path> beside = new ArrayList<>();
    try (Stream<Path> files = Files.list(root)) {
      files.forEach(beside::add);
    }
    assertThat(beside).containsExactly(folder.root());
  }
}
