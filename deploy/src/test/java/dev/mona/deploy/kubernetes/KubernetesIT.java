package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import dev.mona.deploy.SmallEncoder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code deploy/kubernetes/submit.sh} with a real spark-submit, drivers and executors started by
 * the entry point of the image, and the roles of {@code rbac.yaml} in force.
 */
@Tag("cluster")
class KubernetesIT {
  private static final Path MANIFESTS = Installation.home().resolve("deploy/kubernetes");
  private static final String IMAGE = "registry.example/mona:0.1.0";
  private static final String DRIVER = "mona-driver";
  private static final String SUBMITTER = "mona-submitter";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Path inputs;
  private static String encoder;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private ApiServer server;
  private Map<String, Set<String>> roles;

  @BeforeEach
  void start() throws IOException {
    roles =
        Manifests.read(MANIFESTS.resolve("rbac.yaml")).stream()
            .filter(Role.class::isInstance)
            .map(Role.class::cast)
            .collect(Collectors.toMap(role -> role.getMetadata().getName(), Access::allowedBy));
    server = new ApiServer(roles);
    Files.createDirectory(folder.resolve("events"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void trainsToTheEndWithTwoExecutors() throws IOException {
    try (Kubelet kubelet = kubelet(pod -> true);
        Running submission = submit(List.of(), train())) {
      int code = submission.await(Duration.ofMinutes(8));
      assertThat(code).as(() -> logs(submission, kubelet)).isZero();

      Path run = folder.resolve("runs/k8s");
      assertThat(run.resolve("_SUCCESS")).exists();
      assertThat(Files.readString(run.resolve("metrics/summary.json"))).contains("COMPLETED");
      assertThat(run.resolve("aligned/embedder.safetensors")).isNotEmptyFile();
      assertThat(Files.size(run.resolve("finetuned/model.safetensors")))
          .as("bytes of the encoder and more")
          .isGreaterThan(Files.size(inputs.resolve("encoder/model.safetensors")));
      assertThat(executorsOfTasks()).as("executors that finished tasks").containsExactly("1", "2");

      List<Pod> pods = kubelet.added();
      assertThat(pods).hasSize(3);
      checkDriver(pods.get(0));
      for (Pod executor : pods.subList(1, 3)) {
        checkExecutor(executor);
        assertThat(container(executor).getImage()).isEqualTo(IMAGE);
        assertThat(container(executor).getResources().getLimits())
            .doesNotContainKey("nvidia.com/gpu");
      }
    }
    assertThat(server.dispatcher().refused()).as("rights that rbac.yaml lacks").isEmpty();
    assertThat(unused(DRIVER))
        .as("rights that this run did not need: an executor that fails, a claim made on demand")
        .containsExactly("create persistentvolumeclaims in mona", "delete pods in mona");
    assertThat(unused(SUBMITTER)).as("rights that no submission needs").isEmpty();
    KubernetesClient client = server.client();
    assertThat(client.services().inAnyNamespace().list().getItems()).isEmpty();
    assertThat(client.pods().inAnyNamespace().withLabel("spark-role", "executor").list().getItems())
        .isEmpty();
  }

  private Set<String> unused(String role) {
    Set<String> unused = new TreeSet<>(Objects.requireNonNull(roles.get(role)));
    unused.removeAll(server.dispatcher().used(role));
    return unused;
  }

  private static void checkDriver(Pod pod) {
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("mona");
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo(DRIVER);
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("spark-role", "driver")
        .containsEntry("app.kubernetes.io/component", "driver");
    assertThat(container(pod).getArgs())
        .startsWith("driver")
        .contains("dev.mona.cli.Main", "local:///opt/mona/mona.jar", "train");
    checkHardened(pod);
  }

  private static void checkExecutor(Pod pod) {
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("mona-executor");
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("spark-role", "executor")
        .containsEntry("app.kubernetes.io/component", "executor");
    assertThat(pod.getMetadata().getOwnerReferences())
        .as("an executor goes with its driver")
        .singleElement()
        .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("Pod"));
    assertThat(container(pod).getArgs()).containsExactly("executor");
    checkHardened(pod);
  }

  /** What both templates ask for, and the memory of the tests' settings: heap and overhead. */
  private static void checkHardened(Pod pod) {
    assertThat(pod.getSpec().getSecurityContext())
        .satisfies(
            context -> {
              assertThat(context.getRunAsNonRoot()).isTrue();
              assertThat(context.getRunAsUser()).isEqualTo(185L);
              assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            });
    Container container = container(pod);
    assertThat(container.getImage()).startsWith(IMAGE);
    assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
    assertThat(container.getSecurityContext())
        .satisfies(
            context -> {
              assertThat(context.getAllowPrivilegeEscalation()).isFalse();
              assertThat(context.getReadOnlyRootFilesystem()).isTrue();
              assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            });
    Map<String, Quantity> requests = container.getResources().getRequests();
    Map<String, Quantity> limits = container.getResources().getLimits();
    assertThat(requests).containsEntry("cpu", new Quantity("1")).containsKey("ephemeral-storage");
    assertThat(limits).containsKey("ephemeral-storage");
    assertThat(requests.get("memory"))
        .isEqualTo(limits.get("memory"))
        .isEqualTo(new Quantity("3072Mi"));
    for (String path : List.of("/tmp", "/opt/spark/work-dir", "/var/spark/local")) {
      String volume =
          container.getVolumeMounts().stream()
              .filter(mount -> mount.getMountPath().equals(path))
              .map(VolumeMount::getName)
              .collect(Collectors.joining());
      assertThat(pod.getSpec().getVolumes())
          .filteredOn(one -> one.getName().equals(volume))
          .singleElement()
          .extracting(Volume::getEmptyDir)
          .isNotNull();
    }
    assertThat(container.getEnv())
        .anySatisfy(
            one -> {
              assertThat(one.getName()).isEqualTo("SPARK_LOCAL_DIRS");
              assertThat(one.getValue()).isEqualTo("/var/spark/local");
            });
  }

  @Test
  void executorsWithGpusAskForOneAndForNodesThatTheBackendKnows() throws IOException {
    try (Kubelet kubelet = kubelet(pod -> role(pod).equals("driver"));
        Running submission = submit(List.of("--engine", "nd4j-cuda"), withoutGpus())) {
      submission.awaitUntil(
          "pods of two executors",
          Duration.ofMinutes(3),
          () -> kubelet.added().stream().filter(pod -> role(pod).equals("executor")).count() == 2);
      for (Pod pod : kubelet.added().subList(1, 3)) {
        checkExecutor(pod);
        assertThat(container(pod).getImage()).isEqualTo(IMAGE + "-nd4j-cuda");
        assertThat(container(pod).getResources().getLimits())
            .containsEntry("nvidia.com/gpu", new Quantity("1"));
        assertThat(pod.getSpec().getTolerations())
            .anySatisfy(one -> assertThat(one.getKey()).isEqualTo("nvidia.com/gpu"));
        NodeSelectorRequirement nodes =
            pod.getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .get(0)
                .getMatchExpressions()
                .get(0);
        assertThat(nodes.getKey()).isEqualTo("nvidia.com/gpu.compute.major");
        assertThat(nodes.getOperator()).isEqualTo("In");
        assertThat(nodes.getValues()).containsExactly("6", "7", "8");
      }
      assertThat(container(kubelet.added().get(0)).getResources().getLimits())
          .as("the driver computes on no GPU")
          .doesNotContainKey("nvidia.com/gpu");
    }
  }

  @Test
  void exitCodeOfTheDriverIsTheOneOfTheSubmission() {
    try (Kubelet kubelet = kubelet(pod -> true);
        Running submission = submit(List.of(), List.of("train", "--task", "no_such_task"))) {
      assertThat(submission.await(Duration.ofMinutes(3)))
          .as(() -> logs(submission, kubelet))
          .isEqualTo(3);
      assertThat(kubelet.added()).hasSize(1);
    }
  }

  private Kubelet kubelet(Predicate<Pod> starts) {
    try {
      ImageFiles image = new ImageFiles(MANIFESTS.resolve("Dockerfile"), folder.resolve("image"));
      return new Kubelet(server.client(), image, folder.resolve("pods"), starts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the runs read: a data set and an encoder. */
  @BeforeAll
  static void convert(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path shared) {
    inputs = shared;
    encoder = SmallEncoder.write(inputs.resolve("encoder"));
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
            inputs.resolve("data").toString());
    try (Running convert =
        Running.start(
            inputs.resolve("convert.log"), Map.of("SPARK_LOCAL_IP", "127.0.0.1"), command)) {
      assertThat(convert.await(Duration.ofMinutes(3))).as(convert::tail).isZero();
    }
  }

  private List<String> train() {
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
            .formatted(folder.resolve("runs"), inputs.resolve("data"), encoder)
            .split(" ", -1));
  }

  /** For the jar of the tests, which is that of the CPU. */
  private List<String> withoutGpus() {
    List<String> command = new ArrayList<>(train());
    command.addAll(List.of("--set", "run.device=auto"));
    return command;
  }

  private Running submit(List<String> options, List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                MANIFESTS.resolve("submit.sh").toString(),
                "--master",
                "k8s://" + server.url(),
                "--image",
                IMAGE));
    words.addAll(options);
    for (String property :
        List.of(
            "spark.kubernetes.authenticate.submission.oauthToken=" + SUBMITTER,
            "spark.kubernetes.authenticate.driver.mounted.oauthTokenFile="
                + "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "spark.kubernetes.driver.master=" + server.url(),
            "spark.driver.port=" + Running.freePort(),
            "spark.driver.blockManager.port=" + Running.freePort(),
            "spark.ui.enabled=false",
            "spark.eventLog.enabled=true",
            "spark.eventLog.dir=" + folder.resolve("events").toUri(),
            "spark.driver.cores=1",
            "spark.executor.cores=1",
            "spark.task.cpus=1",
            "spark.executorEnv.OMP_NUM_THREADS=1",
            "spark.kubernetes.driverEnv.OMP_NUM_THREADS=1",
            "spark.driver.memory=1536m",
            "spark.driver.memoryOverhead=1536m",
            "spark.executor.memory=1g",
            "spark.executor.memoryOverhead=2g",
            "spark.kubernetes.executor.podNamePrefix=mona-test")) {
      words.addAll(List.of("--conf", property));
    }
    words.add("--");
    words.addAll(command);
    return Running.start(
        folder.resolve("submit.log"), Map.of("SPARK_LOCAL_IP", "127.0.0.1"), words);
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private static String role(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault("spark-role", "none");
  }

  /** From the event log of the run. */
  private Set<String> executorsOfTasks() throws IOException {
    Set<String> executors = new TreeSet<>();
    try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
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

  private String logs(Running submission, Kubelet kubelet) {
    StringBuilder text = new StringBuilder(submission.tail());
    for (Pod pod : kubelet.added()) {
      text.append("\n--- ").append(pod.getMetadata().getName()).append('\n');
      try {
        text.append(
            Arrays.stream(Files.readString(kubelet.log(pod)).split("\n", -1))
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("\n")));
      } catch (IOException e) {
        text.append(e);
      }
    }
    return text.append("\nrefused: ").append(server.dispatcher().refused()).toString();
  }
}
