package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of the image as plain processes; what they would start prints its arguments. */
class EntrypointTest {
  private static final Path FOLDER = Installation.home().resolve("deploy/kubernetes");
  private static final String PRINTS = "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n";

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void environment() throws IOException {
    script("spark/bin/spark-submit", PRINTS);
    script("java/bin/java", PRINTS);
    environment.putAll(
        Map.of(
            "SPARK_HOME",
            folder.resolve("spark").toString(),
            "JAVA_HOME",
            folder.resolve("java").toString(),
            "SPARK_CONF_DIR",
            "/opt/spark/conf",
            "HADOOP_CONF_DIR",
            ""));
  }

  private void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Running run(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(FOLDER.resolve(script).toString());
    command.addAll(List.of(arguments));
    return Running.start(folder.resolve("log"), environment, command);
  }

  private List<String> output(int code, String script, String... arguments) {
    try (Running process = run(script, arguments)) {
      assertThat(process.await(Duration.ofSeconds(20))).as(process::tail).isEqualTo(code);
      return process.output().lines().toList();
    }
  }

  @Test
  void driverIsSparkSubmitOnTheAddressOfThePod() {
    environment.put("SPARK_DRIVER_BIND_ADDRESS", "10.1.2.3");
    assertThat(
            output(0, "entrypoint.sh", "driver", "--class", "dev.mona.cli.Main", "an argument", ""))
        .containsExactly(
            "--conf",
            "spark.driver.bindAddress=10.1.2.3",
            "--deploy-mode",
            "client",
            "--class",
            "dev.mona.cli.Main",
            "an argument",
            "");
  }

  @Test
  void executorTakesEverythingFromItsVariables() {
    environment.putAll(executor());
    for (int i = 0; i < 11; i++) {
      environment.put("SPARK_JAVA_OPT_" + i, "-Dkey" + i + "=a value *");
    }
    environment.put("HADOOP_CONF_DIR", "/opt/hadoop/conf");
    environment.put("SPARK_EXTRA_CLASSPATH", "/more.jar");
    List<String> output = output(0, "entrypoint.sh", "executor");
    assertThat(output)
        .startsWith("-Dkey0=a value *", "-Dkey1=a value *", "-Dkey2=a value *")
        .containsSequence("-Dkey9=a value *", "-Dkey10=a value *", "-Xmx4g", "-cp")
        .contains("/opt/spark/conf:/opt/hadoop/conf:" + folder + "/spark/jars/*:/more.jar")
        .endsWith(
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            "--driver-url",
            "spark://driver:7078",
            "--executor-id",
            "3",
            "--cores",
            "4",
            "--app-id",
            "spark-1",
            "--hostname",
            "10.1.2.4",
            "--resourceProfileId",
            "0",
            "--podName",
            "mona-exec-3");
  }

  private static Map<String, String> executor() {
    return new TreeMap<>(
        Map.of(
            "SPARK_DRIVER_URL", "spark://driver:7078",
            "SPARK_EXECUTOR_ID", "3",
            "SPARK_EXECUTOR_CORES", "4",
            "SPARK_EXECUTOR_MEMORY", "4g",
            "SPARK_APPLICATION_ID", "spark-1",
            "SPARK_EXECUTOR_POD_IP", "10.1.2.4",
            "SPARK_EXECUTOR_POD_NAME", "mona-exec-3",
            "SPARK_RESOURCE_PROFILE_ID", "0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPARK_DRIVER_URL", "SPARK_EXECUTOR_MEMORY", "SPARK_EXECUTOR_POD_IP"})
  void missingVariableIsNamed(String name) {
    environment.putAll(executor());
    environment.remove(name);
    assertThat(output(7, "entrypoint.sh", "executor"))
        .singleElement()
        .asString()
        .contains(name + " is not set");
  }

  @Test
  void anyOtherCommandRunsAsItIs() {
    assertThat(output(5, "entrypoint.sh", "bash", "-c", "echo \"$0\" here; exit 5", "I"))
        .containsExactly("I here");
    assertThat(output(7, "entrypoint.sh")).singleElement().asString().contains("no command");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--image i -- train",
        "--master yarn --image i -- train",
        "--master k8s://h -- train",
        "--master k8s://h --image i --",
        "--master k8s://h --image i train",
        "--master k8s://h --image i --wrong -- train",
        "--master k8s://h --image -- train",
      })
  void submissionWithoutWhatItNeedsStartsNothing(String options) {
    assertThat(output(2, "submit.sh", options.split(" ", -1)))
        .singleElement()
        .asString()
        .startsWith("submit: ");
  }

  @Test
  void furtherPropertiesComeLastAndAnEngineBringsItsImageTemplateAndSettings() throws IOException {
    script("spark/bin/spark-submit", PRINTS + "echo 'exit code: 4'\n");
    List<String> words =
        output(
            4,
            "submit.sh",
            ("--master k8s://https://h:6443 --image i:1 --engine torch-cuda --namespace n"
                    + " --executors 3 --conf spark.executor.instances=5 -- train --task t")
                .split(" ", -1));
    assertThat(words)
        .containsSubsequence(
            "k8s://https://h:6443",
            "spark.kubernetes.container.image=i:1-torch-cuda",
            "spark.kubernetes.namespace=n",
            "spark.executor.resource.gpu.amount=1",
            "spark.executor.instances=3",
            "spark.executor.instances=5",
            "local:///opt/mona/mona.jar",
            "train",
            "--set",
            "run.engine=torch",
            "--set",
            "run.device=gpu",
            "--task",
            "t")
        .anySatisfy(
            word ->
                assertThat(word)
                    .startsWith("spark.kubernetes.executor.podTemplateFile=")
                    .endsWith("templates/executor-torch-cuda.yaml"));
  }

  @ParameterizedTest
  @CsvSource({
    "nd4j, r/i:1, r/i:1, executor.yaml",
    "torch, r/i:1, r/i:1-torch, executor.yaml",
    "torch, r/i:1-torch, r/i:1-torch, executor.yaml",
    "nd4j-cuda, r/i:1, r/i:1-nd4j-cuda, executor-nd4j-cuda.yaml",
    "torch-cuda, r/i@sha256:0a, r/i@sha256:0a, executor-torch-cuda.yaml"
  })
  void theEngineOfTheClusterPicksTheImageAndTheTemplate(
      String engine, String named, String image, String template) throws IOException {
    script("spark/bin/spark-submit", PRINTS + "echo 'exit code: 0'\n");
    environment.put("MONA_ENGINE", engine);
    List<String> words =
        output(
            0,
            "submit.sh",
            ("--master k8s://h --image " + named + " -- evaluate /runs/a").split(" ", -1));
    assertThat(words)
        .contains("spark.kubernetes.container.image=" + image)
        .containsSubsequence("local:///opt/mona/mona.jar", "evaluate", "/runs/a")
        .noneMatch(word -> word.startsWith("run."))
        .filteredOn(word -> word.startsWith("spark.kubernetes.executor.podTemplateFile="))
        .singleElement()
        .asString()
        .endsWith("/" + template);
    assertThat(words.contains("spark.task.resource.gpu.amount=1"))
        .isEqualTo(engine.endsWith("-cuda"));
  }

  @Test
  void anUnknownEngineIsRefused() {
    assertThat(
            output(
                2, "submit.sh", "--master k8s://h --image i --engine cuda -- train".split(" ", -1)))
        .first()
        .asString()
        .contains("\"cuda\", must be nd4j, nd4j-cuda, torch or torch-cuda");
  }
}
