package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mona compare --processes}: seeds in JVMs of their own. */
class ParallelCompareIT {
  private static final long PATIENCE_SECONDS = 240;

  private static SparkSession spark;
  private static JobFolder folder;

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<String> arguments(String output, String... more) {
    return Stream.concat(
            Stream.of(
                "compare",
                "--task",
                folder.task().toString(),
                "--output",
                folder.root().resolve(output).toString(),
                "--methods",
                "warmup-finetune,finetune",
                "--seeds",
                "4,5",
                "--set",
                "evaluation.retention=false"),
            Stream.of(more))
        .toList();
  }

  private static Process compare(Path home, List<String> arguments) throws IOException {
    List<String> options = LocalSpark.options("local[2]");
    return JavaProcess.start(home, options, Main.class.getName(), arguments);
  }

  @Test
  void seedsInProcessesHaveTheBytesOfSeedsInOne(@TempDir Path home)
      throws IOException, InterruptedException {
    CommandRun one = CommandRun.of(OneSession.of(spark), arguments("one").toArray(String[]::new));
    assertThat(one.code()).as(one.err()).isZero();

    Process process = compare(home, arguments("two", "--processes", "2"));
    String log = JavaProcess.ended(process, home, PATIENCE_SECONDS);
    assertThat(log)
        .contains("seed 4 | run waves-warmup-finetune-4", "seed 5 | run waves-finetune-5");
    for (long seed : new long[] {4, 5}) {
      String id = "waves-warmup-finetune-" + seed;
      JobFolder.assertSameModels(run("two", id), run("one", id), id);
    }
    String model = "finetuned/model.safetensors";
    assertThat(run("two", "waves-finetune-5").resolve(model))
        .hasSameBinaryContentAs(run("one", "waves-finetune-5").resolve(model));
    String table = "comparison-waves/comparison.json";
    assertThat(scores(folder.root().resolve("two").resolve(table)))
        .isEqualTo(scores(folder.root().resolve("one").resolve(table)));
  }

  private static Path run(String output, String id) {
    return folder.root().resolve(output).resolve(id);
  }

  private static List<String> scores(Path comparison) throws IOException {
    return Files.readAllLines(comparison).stream()
        .filter(line -> line.contains("test_error_rate") || line.contains("\"mean\""))
        .toList();
  }

  /** The sentence of a child is passed on, and the parent says whose it was. */
  @Test
  void whatFailsInAProcessIsSaid(@TempDir Path home) throws IOException, InterruptedException {
    Path gone = folder.root().resolve("gone.conf");
    Files.writeString(gone, Files.readString(folder.task()).replace("/texts\"", "/nothing\""));
    List<String> arguments =
        arguments("gone", "--processes", "2").stream()
            .map(each -> each.equals(folder.task().toString()) ? gone.toString() : each)
            .toList();
    Process process = compare(home, arguments);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    String log = JavaProcess.log(home);
    assertThat(process.exitValue()).as(log).isEqualTo(4);
    assertThat(log)
        .contains("seed 4 | mona: ")
        .containsPattern("processes have failed, of seed 4 \\(exit code 4\\), 5 \\(exit code 4\\)");
  }

  @Test
  void aNumberOfPartitionsThatFollowsTheCoresIsRefused() {
    CommandRun run =
        CommandRun.of(
            OneSession.of(spark),
            arguments("none", "--processes", "2", "--set", "run.partitions=0")
                .toArray(String[]::new));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("--processes is 2 and run.partitions is 0");
    assertThat(folder.root().resolve("none")).doesNotExist();
  }

  @Test
  void workersThatWouldNotBeThereAtOnceAreRefused() {
    CommandRun run =
        CommandRun.of(
            OneSession.of(spark),
            arguments("none", "--processes", "2", "--set", "averaging.transport=collective")
                .toArray(String[]::new));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("--processes is 2, which leaves each 1 cores for the 2 workers");
  }
}
