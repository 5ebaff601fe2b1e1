package dev.mona.deploy.kubernetes;

import static dev.mona.deploy.kubernetes.PodChecks.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private static final String DRIVER = "mona-driver";
  private static final String SUBMITTER = "mona-submitter";

  private static SmallTraining training;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private ApiServer server;
  private Map<String, Set<String>> roles;

  @BeforeAll
  static void prepare(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path shared) {
    training = SmallTraining.in(shared);
  }

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
      training.requireDone(folder.resolve("runs"), folder.resolve("events"));
      PodChecks.ofRun(kubelet.added());
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

  @Test
  void executorsWithGpusAskForOneAndForNodesThatTheBackendKnows() throws IOException {
    try (Kubelet kubelet = kubelet(pod -> !PodChecks.isExecutor(pod));
        Running submission = submit(List.of("--engine", "nd4j-cuda"), withoutGpus())) {
      submission.awaitUntil(
          "pods of two executors",
          Duration.ofMinutes(3),
          () -> kubelet.added().stream().filter(PodChecks::isExecutor).count() == 2);
      for (Pod pod : kubelet.added().subList(1, 3)) {
        PodChecks.executor(pod);
        assertThat(container(pod).getImage()).isEqualTo(Submission.IMAGE + "-nd4j-cuda");
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

  private List<String> train() {
    return training.command(folder.resolve("runs"));
  }

  /** For the jar of the tests, which is that of the CPU. */
  private List<String> withoutGpus() {
    List<String> command = new ArrayList<>(train());
    command.addAll(List.of("--set", "run.device=auto"));
    return command;
  }

  private Running submit(List<String> options, List<String> command) {
    List<String> properties =
        List.of("spark.kubernetes.authenticate.submission.oauthToken=" + SUBMITTER);
    return new Submission(server.url(), properties, folder).start(options, command);
  }

  private String logs(Running submission, Kubelet kubelet) {
    return submission.tail() + kubelet.logs() + "\nrefused: " + server.dispatcher().refused();
  }
}
