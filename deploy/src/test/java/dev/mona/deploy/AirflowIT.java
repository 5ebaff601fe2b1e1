package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The DAG in a real Airflow, which submits to real HDFS and YARN. */
@Tag("cluster")
@OnHadoop
class AirflowIT {
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** Epochs of finetuning: enough that the run goes on while it is being killed. */
  private static final int LONG = 8;

  private static final String ROOT = "/airflow";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Prints what tasks have handed on, as lines of task, map index and JSON. */
  private static final String XCOMS =
      """
      import os, sqlite3
      found = sqlite3.connect(os.environ["AIRFLOW_HOME"] + "/airflow.db").execute(
          "select task_id, map_index, value from xcom where key = 'return_value'")
      for task, index, value in found:
          print(f"xcom {task} {index} {value}")
      """;

  private static Airflow airflow;

  private final HadoopCluster hadoop;

  AirflowIT(HadoopCluster hadoop) {
    this.hadoop = hadoop;
  }

  @BeforeAll
  static void install() {
    airflow = Airflow.install();
  }

  @Test
  void theDagHasTheStepsOfBothClusters() {
    try (Running tests =
        airflow.start(
            "unit-tests",
            Map.of(),
            "python",
            "-m",
            "unittest",
            "discover",
            "-s",
            Airflow.folder().resolve("tests").toString())) {
      assertThat(tests.await(LONGEST)).as(tests::tail).isZero();
      assertThat(tests.output()).containsPattern("Ran [1-9][0-9] tests").contains("OK");
    }
  }

  /** The application of the first try is killed after a checkpoint; the second goes on from it. */
  @Test
  void aKilledTryIsContinuedAndTheRunEndsOnYarn() throws IOException, InterruptedException {
    try (Running test =
        airflow.start(
            "dags-test", variables(), "airflow", "dags", "test", "mona", "--conf", parameters())) {
      test.awaitUntil(
          "checkpoint", LONGEST, () -> !paths(".*/checkpoints/.*/manifest.json").isEmpty());
      kill(application("RUNNING"));
      assertThat(test.await(LONGEST)).as(test::tail).isZero();
      assertThat(test.output()).contains("test score").contains("source probe error");
    }
    assertThat(values("train", "finalStatus")).containsExactly("KILLED", "SUCCEEDED");
    assertThat(values("evaluate", "finalStatus")).containsExactly("SUCCEEDED");
    assertThat(log(values("train", "id").get(1))).contains("event=resume stage=");

    List<String> runs = paths(".*/_SUCCESS");
    assertThat(runs).hasSize(1);
    String run = runs.get(0).replace("/_SUCCESS", "");
    assertThat(paths(".*/config.conf")).containsExactly(run + "/config.conf");
    JsonNode summary = JSON.readTree(hadoop.read(run + "/metrics/summary.json"));
    assertThat(summary.path("stop_reason").asText()).isEqualTo("COMPLETED");
    assertThat(summary.path("epochs").asInt()).isEqualTo(2 + LONG);
    assertThat(summary.path("scores").path("test_error_rate").isNumber()).isTrue();
    assertThat(new String(hadoop.read(run + "/metrics/epochs.jsonl"), StandardCharsets.UTF_8))
        .as("each epoch once")
        .hasLineCount(2 + LONG);
    assertThat(paths(".*/data/dna_splice/manifest.json")).hasSize(1);

    Map<String, JsonNode> handedOn = handedOn();
    JsonNode planned = handedOn.get("yarn.runs -1");
    assertThat(planned).isNotNull().hasSize(1);
    if (planned != null) {
      assertThat(planned.path(0).path("directory").asText()).isEqualTo(hadoop.hdfs(run));
      assertThat(run).endsWith("/" + planned.path(0).path("run_id").asText());
      assertThat(planned.path(0).path("task").asText()).isEqualTo("dna_splice");
    }
    assertThat(handedOn).containsEntry("yarn.each.finished 0", TextNode.valueOf(hadoop.hdfs(run)));
    assertThat(handedOn).hasEntrySatisfying("kubernetes.runs -1", v -> assertThat(v).isEmpty());
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(hadoop.environment());
    // the command cannot end a run that has a deadline
    variables.put("MONA_DEADLINE_HOURS", "0");
    variables.put("SPARK_HOME", Installation.distribution("spark").toAbsolutePath().toString());
    variables.put(
        "PATH",
        Installation.sparkBin().toAbsolutePath() + File.pathSeparator + System.getenv("PATH"));
    ObjectNode connection = JSON.createObjectNode().put("conn_type", "spark").put("host", "yarn");
    connection
        .putObject("extra")
        .put("yarn_resourcemanager_webapp_address", hadoop.resourceManager("").toString());
    variables.put("AIRFLOW_CONN_LOOPBACK", connection.toString());
    return variables;
  }

  /** The quickstart's task, shortened, with a small encoder. */
  private String parameters() {
    Path home = Installation.home().toAbsolutePath().normalize();
    ObjectNode parameters = JSON.createObjectNode();
    ObjectNode task = parameters.putArray("tasks").addObject();
    task.put("file", home.resolve("conf/tasks/dna_splice.conf").toString());
    task.put("data", hadoop.hdfs(ROOT + "/data/dna_splice"));
    task.putObject("convert")
        .put("input", home.resolve("conf/quickstart/dna_splice").toUri().toString())
        .put("one_hot", 4);
    parameters
        .put("output", hadoop.hdfs(ROOT + "/runs"))
        .put("conn_id", "loopback")
        .put("application", Installation.jar().toAbsolutePath().normalize().toString())
        .put("properties_file", home.resolve("conf/clusters/yarn.conf").toString());
    parameters
        .putObject("settings")
        .put("backbone.weights", SmallEncoder.write(airflow.folderOf("encoder")))
        .put("task.train-samples", 32)
        .put("task.test-samples", 64)
        .put("warmup.epochs", 1)
        .put("alignment.epochs", 1)
        .put("finetuning.epochs", LONG)
        .put("finetuning.schedule.decay-epochs", 0)
        .put("source.per-class", 4)
        .put("source.max-tokens", 16)
        .put("alignment.source-batch.classes", 4)
        .put("alignment.source-batch.samples-per-class", 2)
        .put("run.partitions", 1)
        .put("run.threads-per-task", 1)
        .put("evaluation.retention", false);
    parameters
        .putObject("spark_conf")
        .put("spark.executor.instances", "1")
        .put("spark.driver.memory", "1500m")
        .put("spark.driver.memoryOverhead", "1g")
        .put("spark.executor.memory", "2g")
        .put("spark.executor.memoryOverhead", "2g")
        .put("spark.yarn.maxAppAttempts", "1")
        .put("spark.ui.enabled", "false");
    return parameters.toString();
  }

  /** Files below the test's own directory of HDFS; none while directories come and go. */
  private List<String> paths(String pattern) {
    try {
      return hadoop.files(ROOT).stream().filter(path -> path.matches(pattern)).toList();
    } catch (UncheckedIOException e) {
      return List.of();
    }
  }

  private List<JsonNode> applications() {
    List<JsonNode> found = new ArrayList<>();
    hadoop
        .askResourceManager("/ws/v1/cluster/apps")
        .at("/apps/app")
        .forEach(
            app -> {
              if (app.path("applicationTags").asText().startsWith("mona-")) {
                found.add(app);
              }
            });
    found.sort(
        (a, b) -> Long.compare(a.path("startedTime").asLong(), b.path("startedTime").asLong()));
    return found;
  }

  private String application(String state) {
    List<String> found =
        applications().stream()
            .filter(app -> app.path("state").asText().equals(state))
            .map(app -> app.path("id").asText())
            .toList();
    assertThat(found).as(state).hasSize(1);
    return found.get(0);
  }

  /** A property of each application of a step, in the order of their starts. */
  private List<String> values(String step, String property) {
    return applications().stream()
        .filter(app -> app.path("applicationTags").asText().endsWith("-" + step))
        .map(app -> app.path(property).asText())
        .toList();
  }

  private void kill(String application) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                hadoop.resourceManager("/ws/v1/cluster/apps/" + application + "/state"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"state\":\"KILLED\"}"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
  }

  /** What the containers of an application have written. */
  private String log(String application) throws IOException {
    Path logs = hadoop.configuration().resolveSibling("logs/containers").resolve(application);
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  /** Values that tasks returned, by task and map index. */
  private static Map<String, JsonNode> handedOn() throws IOException {
    Map<String, JsonNode> values = new TreeMap<>();
    try (Running reader = airflow.start("xcoms", Map.of(), "python", "-c", XCOMS)) {
      assertThat(reader.await(LONGEST)).as(reader::tail).isZero();
      for (String line : reader.output().lines().toList()) {
        String[] words = line.split(" ", 4);
        if (words[0].equals("xcom")) {
          JsonNode value = JSON.readTree(words[3]);
          values.put(
              words[1] + " " + words[2],
              value.isTextual() && value.asText().startsWith("[")
                  ? JSON.readTree(value.asText())
                  : value);
        }
      }
    }
    return values;
  }
}
