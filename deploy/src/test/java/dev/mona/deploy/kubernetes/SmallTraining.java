package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import dev.mona.deploy.SmallEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A training that is over soon, on two executors.
 *
 * @param inputs where the data set and the encoder lie
 */
record SmallTraining(Path inputs) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Makes what the training reads. */
  static SmallTraining in(Path folder) {
    SmallEncoder.write(folder.resolve("encoder"));
    List<String> command =
        List.of(
            Installation.sparkBin().resolve("spark-submit").toString(),
            "--master",
            "local[1]",
            Installation.jar().toString(),
            "convert",
            Installation.home().resolve("conf/quickstart/dna_splice").toString(),
            "--one-hot",
            "4",
            "--output",
            folder.resolve("data").toString());
    try (Running convert =
        Running.start(
            folder.resolve("convert.log"), Map.of("SPARK_LOCAL_IP", "127.0.0.1"), command)) {
      assertThat(convert.await(Duration.ofMinutes(3))).as(convert::tail).isZero();
    }
    return new SmallTraining(folder);
  }

  /** Its command, which writes the run {@code k8s}. */
  List<String> command(Path runs) {
    return List.of(
        ("train --task dna_splice --output %s --set task.data=%s --set run.id=k8s"
                + " --set backbone.weights=%s"
                + " --set run.partitions=2 --set task.train-samples=32"
                + " --set task.test-samples=64 --set warmup.epochs=1"
                + " --set alignment.epochs=1 --set finetuning.epochs=1"
                + " --set finetuning.schedule.warmup-epochs=0"
                + " --set finetuning.schedule.decay-epochs=0 --set source.per-class=20"
                + " --set warmup.batch-size=8 --set alignment.batch-size=8"
                + " --set finetuning.batch-size=8 --set evaluation.retention=false"
                + " --set task.validation-fraction=0.02 --set evaluation.outer-batches=1"
                + " --set alignment.source-batch.classes=4"
                + " --set alignment.source-batch.samples-per-class=2")
            .formatted(runs, inputs.resolve("data"), inputs.resolve("encoder").toUri())
            .split(" ", -1));
  }

  /**
   * What it leaves when it came to its end with both executors.
   *
   * @param events event logs of Spark
   */
  void requireDone(Path runs, Path events) throws IOException {
    Path run = runs.resolve("k8s");
    assertThat(run.resolve("_SUCCESS")).exists();
    assertThat(Files.readString(run.resolve("metrics/summary.json"))).contains("COMPLETED");
    assertThat(run.resolve("aligned/embedder.safetensors")).isNotEmptyFile();
    assertThat(Files.size(run.resolve("finetuned/model.safetensors")))
        .as("bytes of the encoder and more")
        .isGreaterThan(Files.size(inputs.resolve("encoder/model.safetensors")));
    assertThat(executorsOfTasks(events))
        .as("executors that finished tasks")
        .containsExactly("1", "2");
  }

  private static Set<String> executorsOfTasks(Path events) throws IOException {
    Set<String> executors = new TreeSet<>();
    try (Stream<Path> logs = Files.list(events)) {
      for (Path log : logs.toList()) {
        for (String line : Files.readAllLines(log)) {
          JsonNode event = JSON.readTree(line);
          if (event.path("Event").asText().equals("SparkListenerTaskEnd")) {
            assertThat(event.at("/Task End Reason/Reason").asText()).isEqualTo("Success");
            executors.add(event.at("/Task Info/Executor ID").asText());
          }
        }
      }
    }
    return executors;
  }
}
