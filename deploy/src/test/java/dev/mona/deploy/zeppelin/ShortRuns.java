package dev.mona.deploy.zeppelin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import dev.mona.deploy.SmallEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs of two methods with a small encoder on a few samples of the quickstart task, with the
 * predictions and tokens of one, made by the jar under {@code spark-submit}.
 *
 * @param folder the folder that holds them
 */
record ShortRuns(Path folder) {
  static final int TEST_SAMPLES = 48;
  static final int EMBEDDED_SAMPLES = 6;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration COMMAND = Duration.ofMinutes(6);

  /** Makes them. */
  static ShortRuns make(Path folder) {
    ShortRuns runs = new ShortRuns(folder);
    String data = folder.resolve("data").toString();
    runs.mona("convert", quickstart("quickstart/dna_splice"), "--one-hot", "4", "--output", data);
    runs.train(data);
    String run = runs.run("mona").toString();
    runs.mona("predict", run, "--output", run + "/predictions");
    runs.mona("embed", run, "--output", run + "/embeddings", "--samples", "" + EMBEDDED_SAMPLES);
    return runs;
  }

  private void train(String data) {
    List<String> words = new ArrayList<>(List.of("compare", "--task"));
    words.add(quickstart("tasks/dna_splice.conf"));
    words.addAll(List.of("--output", folder.resolve("runs").toString()));
    words.addAll(List.of("--methods", "finetune,mona", "--seeds", "1"));
    for (String setting :
        List.of(
            "backbone.weights=" + SmallEncoder.write(folder.resolve("encoder")),
            "task.data=" + data,
            "task.train-samples=32",
            "task.test-samples=" + TEST_SAMPLES,
            "task.validation-fraction=0.1",
            "run.partitions=2",
            "averaging.frequency=1",
            "warmup.epochs=1",
            "alignment.epochs=1",
            "finetuning.epochs=2",
            "finetuning.schedule.warmup-epochs=0",
            "finetuning.schedule.decay-epochs=0",
            "warmup.batch-size=8",
            "alignment.batch-size=8",
            "finetuning.batch-size=8",
            "source.per-class=20",
            "source.max-tokens=16",
            "alignment.source-batch.classes=8",
            "alignment.source-batch.samples-per-class=2",
            "source.probe.train-per-class=4",
            "source.probe.test-per-class=2",
            "evaluation.retention-every=1",
            "evaluation.outer-batches=1")) {
      words.addAll(List.of("--set", setting));
    }
    mona(words.toArray(String[]::new));
  }

  private static String quickstart(String name) {
    return Installation.home().resolve("conf").resolve(name).toString();
  }

  private void mona(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Installation.sparkBin().resolve("spark-submit").toString());
    command.addAll(List.of("--master", "local[2]", "--driver-memory", "2g"));
    command.addAll(List.of("--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
    command.addAll(List.of("--conf", "spark.sql.codegen.wholeStage=false"));
    command.add(Installation.jar().toString());
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of(
            "SPARK_LOCAL_IP", "127.0.0.1",
            "SPARK_LOCAL_HOSTNAME", "localhost",
            "OMP_NUM_THREADS", "1",
            "OMP_WAIT_POLICY", "PASSIVE");
    Path log = folder.resolve("logs").resolve(arguments[0] + ".log");
    try (Running running = Running.start(log, environment, command)) {
      int code = running.await(COMMAND);
      if (code != 0) {
        throw new AssertionError(String.join(" ", arguments) + ": " + code + "\n" + running.tail());
      }
    }
  }

  /** The name that {@code mona compare} gives a run. */
  static String name(String method) {
    return "dna_splice-" + method + "-1";
  }

  Path run(String method) {
    return folder.resolve("runs").resolve(name(method));
  }

  /** The lines of a file of a run, read without Spark. */
  List<JsonNode> lines(String method, String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run(method).resolve(name))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  List<JsonNode> lines(String method, String name, String stage) throws IOException {
    return lines(method, name).stream()
        .filter(l -> l.path("stage").asText().equals(stage))
        .toList();
  }

  JsonNode scores(String method) throws IOException {
    return JSON.readTree(Files.readString(run(method).resolve("metrics/summary.json")))
        .path("scores");
  }
}
