package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/yarn/submit.sh}, with the real encoder and the data set of the quickstart. */
@Tag("cluster")
@OnHadoop
class YarnIT {
  private static final Duration MOST = Duration.ofMinutes(8);
  private static final List<String> SHORT =
      settings(
          "task.train-samples=16",
          "task.test-samples=16",
          "warmup.epochs=1",
          "alignment.epochs=1",
          "finetuning.epochs=1",
          "finetuning.schedule.decay-epochs=0",
          "task.validation-fraction=0.02",
          "source.per-class=4",
          "source.max-tokens=16",
          "alignment.source-batch.classes=4",
          "alignment.source-batch.samples-per-class=2",
          "source.probe.train-per-class=2",
          "source.probe.test-per-class=1",
          "evaluation.outer-batches=1",
          "evaluation.discrepancy-samples=16",
          "warmup.batch-size=4",
          "alignment.batch-size=4",
          "finetuning.batch-size=4",
          "averaging.frequency=2",
          "run.partitions=2",
          "run.threads-per-task=1",
          "run.id=run");

  private final HadoopCluster hadoop;
  private final Path folder;

  YarnIT(HadoopCluster hadoop, @TempDir Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /** One executor is killed on the way, as by a preemption. */
  @Test
  void aJobInClusterModeLeavesTheBytesOfALocalRun() throws IOException {
    convert("/yarn/data");
    // the jar is that of the CPU: GPUs are given to it and left idle
    List<String> onGpus = train("/yarn/data", hadoop.hdfs("/yarn/runs"));
    onGpus.addAll(settings("run.device=auto"));
    try (Running local = local("/yarn/data");
        Running submitted =
            submit(
                List.of(
                    "--engine",
                    "nd4j-cuda",
                    "--queue",
                    "science",
                    "--conf",
                    "spark.eventLog.enabled=true"),
                onGpus)) {
      submitted.awaitUntil("two executors with a GPU each", MOST, () -> usedGpus() == 2);
      JsonNode application = application();
      assertThat(application.path("name").asText()).isEqualTo("mona train");
      assertThat(application.path("queue").asText()).endsWith("science");
      assertThat(application.path("runningContainers").asInt()).isEqualTo(3);
      submitted.awaitUntil("first round", MOST, () -> firstRoundEnded("/yarn/runs/run"));
      List<String> addresses =
          ListeningSockets.of(Stream.concat(submitted.processes(), hadoop.processes()));
      assertThat(ListeningSockets.beyondLoopback(addresses)).isEmpty();
      assertThat(kill("--executor-id\0001\0")).isOne();
      assertThat(submitted.await(MOST)).as(submitted::tail).isZero();
      assertThat(local.await(MOST)).as(local::tail).isZero();
    }
    Path expected = folder.resolve("runs/run");
    List<String> models = models(expected);
    assertThat(models)
        .anyMatch(name -> name.startsWith("finetuned/"))
        .anyMatch(name -> name.startsWith("aligned/"))
        .anyMatch(name -> name.startsWith("checkpoints/"));
    assertThat(hadoop.files("/yarn/runs/run"))
        .contains("/yarn/runs/run/_SUCCESS", "/yarn/runs/run/metrics/summary.json")
        .containsAll(models.stream().map(name -> "/yarn/runs/run/" + name).toList());
    for (String name : models) {
      Path fetched = folder.resolve("fetched").resolve(name);
      hadoop.fetch("/yarn/runs/run/" + name, fetched);
      assertThat(Files.mismatch(fetched, expected.resolve(name))).as(name).isEqualTo(-1);
    }
    eventLogTellsExecutors();
  }

  /** Of the two and the one that came for the one that was killed. */
  private void eventLogTellsExecutors() {
    List<String> logs = hadoop.files(HadoopCluster.EVENTS);
    assertThat(logs).hasSize(1).noneMatch(log -> log.endsWith(".inprogress"));
    List<String> events =
        new String(hadoop.read(logs.get(0)), StandardCharsets.UTF_8).lines().toList();
    assertThat(events)
        .filteredOn(line -> line.contains("\"SparkListenerExecutorAdded\""))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("\"addresses\":[\"0\",\"1\"]"));
    assertThat(events)
        .filteredOn(line -> line.contains("\"SparkListenerExecutorRemoved\""))
        .isNotEmpty()
        .anySatisfy(line -> assertThat(line).contains("\"Executor ID\":\"1\""));
  }

  @Test
  void aRefusedConfigurationEndsWithItsCodeAndSentence() {
    List<String> command = train("/yarn/none", hadoop.hdfs("/yarn/refused"));
    command.addAll(settings("finetuning.epochs=-1"));
    try (Running submitted = submit(List.of(), command)) {
      assertThat(submitted.await(MOST)).as(submitted::tail).isEqualTo(3);
      assertThat(submitted.output())
          .containsPattern(
              "submit: application_\\S+ did not succeed: finetuning.epochs is .*-1.*, must be");
    }
  }

  @Test
  void aJobInClientModeEndsWithTheCodeOfMona() {
    try (Running submitted =
        submit(
            List.of("--mode", "client", "--num-executors", "1"),
            train("/yarn/none", hadoop.hdfs("/yarn/client")))) {
      assertThat(submitted.await(MOST)).as(submitted::tail).isEqualTo(4);
      assertThat(submitted.output()).containsPattern("mona: .*/yarn/none");
    }
  }

  private void convert(String output) {
    try (Running convert =
        submit(
            List.of(),
            List.of(
                "convert",
                Installation.home().resolve("conf/quickstart/dna_splice").toUri().toString(),
                "--one-hot",
                "4",
                "--output",
                hadoop.hdfs(output)))) {
      assertThat(convert.await(MOST)).as(convert::tail).isZero();
    }
  }

  private List<String> train(String data, String output) {
    List<String> command = new ArrayList<>(List.of("train", "--task", "dna_splice"));
    command.addAll(List.of("--output", output));
    command.addAll(SHORT);
    command.addAll(settings("task.data=" + hadoop.hdfs(data)));
    return command;
  }

  private Running submit(List<String> options, List<String> command) {
    List<String> whole = new ArrayList<>();
    whole.add(Installation.home().resolve("deploy/yarn/submit.sh").toString());
    whole.addAll(
        List.of(
            "--driver-memory", "2g",
            "--executor-memory", "1500m",
            "--conf", "spark.driver.memoryOverhead=1g",
            "--conf", "spark.executor.memoryOverhead=1500m"));
    whole.addAll(options);
    whole.add("--");
    whole.addAll(command);
    return Running.start(folder.resolve(command.get(0) + ".log"), environment(), whole);
  }

  private Running local(String data) {
    List<String> whole =
        new ArrayList<>(
            List.of(
                Installation.sparkBin().resolve("spark-submit").toString(),
                "--properties-file",
                Installation.home().resolve("conf/clusters/local.conf").toString(),
                "--master",
                "local[2]",
                "--driver-memory",
                "2g",
                "--driver-java-options",
                "-Dlog4j2.configurationFile="
                    + Installation.home().resolve("conf/log4j2.properties"),
                Installation.jar().toString()));
    whole.addAll(train(data, folder.resolve("runs").toUri().toString()));
    return Running.start(folder.resolve("local.log"), environment(), whole);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(hadoop.environment());
    environment.put("PATH", Installation.sparkBin() + ":" + System.getenv("PATH"));
    environment.put("MONA_CONF_DIR", Installation.home().resolve("conf").toString());
    environment.put("MONA_JAR", Installation.jar().toString());
    environment.put("OMP_NUM_THREADS", "1");
    return environment;
  }

  private int usedGpus() {
    for (JsonNode resource :
        hadoop
            .askResourceManager("/ws/v1/cluster/metrics")
            .at(
                "/clusterMetrics/totalUsedResourcesAcrossPartition/resourceInformations/resourceInformation")) {
      if (resource.path("name").asText().equals("yarn.io/gpu")) {
        return resource.path("value").asInt();
      }
    }
    return 0;
  }

  private JsonNode application() {
    return hadoop.askResourceManager("/ws/v1/cluster/apps?states=RUNNING").at("/apps/app/0");
  }

  private boolean firstRoundEnded(String run) {
    return hadoop.exists(run + "/metrics/rounds.jsonl");
  }

  /** Kills processes of the cluster by a part of their command line; how many there were. */
  private int kill(String arguments) {
    List<ProcessHandle> found =
        hadoop.processes().filter(process -> commandLine(process).contains(arguments)).toList();
    found.forEach(ProcessHandle::destroyForcibly);
    return found.size();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      // it ended meanwhile
      return "";
    }
  }

  /** Files with parameters and moments below a run, relative to it. */
  private static List<String> models(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .map(file -> run.relativize(file).toString())
          .filter(name -> name.endsWith(".safetensors") || name.endsWith(".zip"))
          .sorted()
          .toList();
    }
  }

  private static List<String> settings(String... assignments) {
    return Stream.of(assignments).flatMap(one -> Stream.of("--set", one)).toList();
  }
}
