package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.cli.failure.ExitCode;
import dev.mona.example.Interruption;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mona train} in a JVM of its own: killed and continued, and with executors apart. */
class ResumeTrainIT {
  private static final List<String> ALIGNED =
      List.of("aligned/embedder.safetensors", "aligned/config.json", "aligned/manifest.json");
  private static final String EPOCHS = "metrics/epochs.jsonl";

  /** Each stage has an epoch left after the one of its first checkpoint, which is within it. */
  private static final String[] LONGER = {
    "warmup.epochs=2", "alignment.epochs=2", "finetuning.epochs=3", "checkpoint.every-rounds=1"
  };

  private static SparkSession spark;
  private static JobFolder folder;
  private static Path uninterrupted;

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    uninterrupted = folder.trained(spark, "uninterrupted", LONGER);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Process start(String id, String master, Map<String, String> more, Path home)
      throws IOException {
    List<String> options = new ArrayList<>(LocalSpark.options(master));
    more.forEach((key, value) -> options.add("-D" + key + "=" + value));
    return JavaProcess.start(
        home, options, Main.class.getName(), folder.trainArguments(id, LONGER));
  }

  /** SIGKILL after the first checkpoint of the stage; this process goes on. */
  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"WARMUP", "FINETUNING"})
  void aRunKilledInAStageEndsWithTheSameBytes(Stage stage, @TempDir Path home)
      throws IOException, InterruptedException {
    String id = "killed-in-" + stage.id();
    Path run = folder.run(id);
    Process process = start(id, "local[2]", Map.of(), home);
    List<String> left = Interruption.kill(process, home, run, stage);
    assertThat(run.resolve("_SUCCESS")).as("killed with %s", left).doesNotExist();

    assertResumes(run, "killed with " + left);
    assertThat(run.resolve("config.conf"))
        .content()
        .isEqualTo(
            Files.readString(uninterrupted.resolve("config.conf")).replace("uninterrupted", id));
  }

  /** As Kubernetes and YARN ask for the end; Ctrl-C does the same. */
  @Test
  void aRunAskedToStopEndsWithItsSentenceAndGoesOn(@TempDir Path home)
      throws IOException, InterruptedException {
    Path run = folder.run("stopped");
    Process process = start("stopped", "local[2]", Map.of(), home);
    int code = Interruption.stop(process, home, run, Stage.ALIGNMENT);
    assertThat(code).as(() -> JavaProcess.log(home)).isEqualTo(ExitCode.ENVIRONMENT.code());
    assertThat(JavaProcess.log(home))
        .contains(
            "mona: " + run + " was stopped (SIGTERM): train --resume " + run + " continues it\n")
        .doesNotContain("unexpected");
    assertThat(run.resolve("_SUCCESS")).doesNotExist();
    assertResumes(run, "stopped with " + Interruption.checkpoints(run));
  }

  /** Stopped before the first checkpoint, and between the last one and the outputs. */
  @ParameterizedTest
  @ValueSource(strings = {"config\\.conf", "config\\.conf|provenance.*|(checkpoints|metrics)/.*"})
  void aRunStoppedBetweenCheckpointAndOutputGoesOn(String left) throws IOException {
    Path run = folder.run("left-" + left.length());
    copy(left, "none", run);
    // the aligned embedder is written when its stage ends, before the next checkpoint
    if (left.contains("checkpoints")) {
      Files.createDirectories(run.resolve("aligned"));
      for (String file : ALIGNED) {
        Files.copy(uninterrupted.resolve(file), run.resolve(file));
      }
    }
    assertResumes(run, "left " + left);
  }

  /**
   * Copies files of the uninterrupted run that are there before its end.
   *
   * @param names pattern of their names
   * @param but beginning of names that are left out
   */
  private static void copy(String names, String but, Path run) throws IOException {
    try (Stream<Path> all = Files.walk(uninterrupted)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = uninterrupted.relativize(file).toString();
        if (name.matches(names) && !name.startsWith(but) && !name.endsWith("summary.json")) {
          Files.createDirectories(run.resolve(name).resolveSibling("."));
          Files.copy(file, run.resolve(name));
        }
      }
    }
  }

  /** What a scheduler does: the same command starts a run, continues it, and leaves it alone. */
  @Test
  void autoStartsContinuesAndLeavesWhatHasEnded() throws IOException {
    String[] settings = Arrays.copyOf(LONGER, LONGER.length + 1);
    settings[LONGER.length] = "run.resume=auto";
    Path run = folder.trained(spark, "auto", settings);
    JobFolder.assertSameModels(run, uninterrupted, "started");

    Path model = run.resolve("finetuned/model.safetensors");
    for (String output : List.of("_SUCCESS", "metrics/summary.json", "finetuned/manifest.json")) {
      Files.delete(run.resolve(output));
    }
    CommandRun continued = folder.train(spark, "auto", settings);
    assertThat(continued.err()).isEmpty();
    JobFolder.assertSameModels(run, uninterrupted, "continued");
    assertThat(scores(run)).isEqualTo(scores(uninterrupted));

    FileTime written = Files.getLastModifiedTime(model);
    CommandRun ended = folder.train(spark, "auto", settings);
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualTo(continued.out()).contains("ended: COMPLETED");
    assertThat(Files.getLastModifiedTime(model)).isEqualTo(written);

    settings[0] = "warmup.epochs=1";
    CommandRun other = folder.train(spark, "auto", settings);
    assertThat(other.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(other.err()).contains("was started with configuration");

    settings[0] = "run.engine=torch";
    assertThat(folder.train(spark, "auto", settings).err())
        .contains("was started on nd4j in float32 and is continued on torch in float32");
  }

  /** From the end of an epoch on: another result, which is the same each time. */
  @Test
  void aRunMayGoOnWithOtherWorkers() throws IOException {
    Path once = withAnEpochLeft("wider");
    Path again = withAnEpochLeft("wider-again");
    CommandRun refused = resumed(once, "--set", "run.partitions=3");
    assertThat(refused.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(refused.err()).contains("was trained with 2 partitions and run.partitions is 3 now");
    for (Path run : List.of(once, again)) {
      CommandRun wider = resumed(run, "--workers", "3");
      assertThat(wider.err()).isEmpty();
      assertThat(wider.code()).isZero();
    }
    JobFolder.assertSameModels(again, once, "repeated");
    Path model = Path.of("finetuned/model.safetensors");
    assertThat(Files.mismatch(once.resolve(model), uninterrupted.resolve(model))).isNotEqualTo(-1);
    JsonNode provenance = new ObjectMapper().readTree(once.resolve("provenance.json").toFile());
    assertThat(provenance.path("partitions").asInt()).isEqualTo(2);
    assertThat(provenance.findValuesAsText("partitions")).endsWith("2", "3");
    int epochs = epochs(uninterrupted).size();
    assertThat(epochs(once)).hasSize(epochs);
    assertThat(epochs(once).subList(0, epochs - 1))
        .isEqualTo(epochs(uninterrupted).subList(0, epochs - 1));
  }

  private static CommandRun resumed(Path run, String... options) {
    List<String> all = new ArrayList<>(List.of("train", "--resume", run.toString()));
    all.addAll(List.of(options));
    return CommandRun.of(OneSession.of(spark), all.toArray(String[]::new));
  }

  /** The run as it was before its last epoch. */
  private static Path withAnEpochLeft(String id) throws IOException {
    Path run = folder.run(id);
    List<String> checkpoints = Interruption.checkpoints(uninterrupted);
    String last = "checkpoints/" + checkpoints.get(checkpoints.size() - 1);
    copy("config\\.conf|provenance.*|(checkpoints|metrics|aligned)/.*", last, run);
    return run;
  }

  private static void assertResumes(Path run, String what) throws IOException {
    CommandRun resumed = CommandRun.of(OneSession.of(spark), "train", "--resume", run.toString());
    assertThat(resumed.err()).as(what).isEmpty();
    assertThat(resumed.code()).as(what).isZero();
    JobFolder.assertSameModels(run, uninterrupted, what);
    assertThat(epochs(run)).as(what).isEqualTo(epochs(uninterrupted));
    assertThat(run.resolve("_SUCCESS")).exists();
    assertThat(scores(run)).as(what).isEqualTo(scores(uninterrupted));
    assertSameCheckpoints(run, what);
  }

  private static void assertSameCheckpoints(Path run, String what) throws IOException {
    List<String> names = Interruption.checkpoints(uninterrupted);
    assertThat(names).isNotEmpty();
    assertThat(Interruption.checkpoints(run)).as(what).isEqualTo(names);
    for (String name : names) {
      Path state = Path.of("checkpoints", name, "state.safetensors");
      assertThat(run.resolve(state)).as(what).hasSameBinaryContentAs(uninterrupted.resolve(state));
    }
  }

  /** What the run ended with, apart from how long it took. */
  private static String scores(Path run) throws IOException {
    return Files.readString(run.resolve("metrics/summary.json"))
        .replaceAll("\"training_minutes\" : [^,\n]+", "")
        .replaceAll("\"wall_seconds\" : \\{[^}]+}", "");
  }

  @Test
  void executorsInJvmsOfTheirOwnGiveTheSameBytes(@TempDir Path home)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(JavaProcess.executorSettings());
    // Spark gives an executor one OpenMP thread unless told otherwise; bits can depend on them
    settings.put("spark.executorEnv.OMP_NUM_THREADS", System.getenv("OMP_NUM_THREADS"));
    Process process = start("cluster", "local-cluster[2,1,1024]", settings, home);
    JavaProcess.ended(process, home, Interruption.PATIENCE_SECONDS);
    JobFolder.assertSameModels(folder.run("cluster"), uninterrupted, "local-cluster");
    assertThat(epochs(folder.run("cluster"))).isEqualTo(epochs(uninterrupted));
    assertSameCheckpoints(folder.run("cluster"), "local-cluster");
  }

  /** The epochs apart from how long they took. */
  private static List<String> epochs(Path run) throws IOException {
    return Files.readAllLines(run.resolve(EPOCHS)).stream()
        .map(line -> line.replaceAll("(seconds\":)[^,]+", "$10"))
        .toList();
  }
}
