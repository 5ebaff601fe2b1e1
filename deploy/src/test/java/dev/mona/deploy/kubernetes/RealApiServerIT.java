package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests and {@code submit.sh} against a real Kubernetes API server: its authorisation, its
 * admission of pods under the restricted standard, and its quotas. Skipped where {@code
 * api-server.sh} has built none.
 */
@Tag("cluster")
class RealApiServerIT {
  private static final Path MANIFESTS = Installation.home().resolve("deploy/kubernetes");

  private static SmallTraining training;
  private static RealApiServer server;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @BeforeAll
  static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path shared) throws IOException {
    RealApiServer.assumeBuilt(shared);
    server = RealApiServer.start(shared.resolve("api-server"));
    for (String manifest : List.of("namespace.yaml", "rbac.yaml", "network-policy.yaml")) {
      server.create(MANIFESTS.resolve(manifest));
    }
    server.actForControllers();
    training = SmallTraining.in(shared);
  }

  @AfterAll
  static void stop() {
    // where the test is skipped there is none
    if (server != null) {
      server.close();
    }
  }

  @Test
  void trainsToTheEndWithTheTokensOfItsAccountsAlone() throws Exception {
    Files.createDirectory(folder.resolve("events"));
    ImageFiles image = new ImageFiles(MANIFESTS.resolve("Dockerfile"), folder.resolve("image"));
    List<String> properties =
        List.of(
            "spark.kubernetes.authenticate.submission.oauthToken=" + server.token("mona-submitter"),
            "spark.kubernetes.authenticate.submission.caCertFile=" + server.certificate(),
            "spark.kubernetes.authenticate.driver.mounted.caCertFile="
                + Submission.ACCOUNT
                + "/ca.crt");
    try (Kubelet kubelet =
            new Kubelet(server.kubelet(), image, folder.resolve("pods"), server::schedule);
        Running submission =
            new Submission(server.url(), properties, folder)
                .start(List.of(), training.command(folder.resolve("runs")))) {
      int code = submission.await(Duration.ofMinutes(8));
      assertThat(code).as(() -> submission.tail() + kubelet.logs()).isZero();
      training.requireDone(folder.resolve("runs"), folder.resolve("events"));

      List<Pod> pods = kubelet.added();
      PodChecks.ofRun(pods);
      assertThat(pods)
          .extracting(RealApiServerIT::hasToken)
          .as("admission mounts a token for the driver alone")
          .containsExactly(true, false, false);
      KubernetesClient client = server.administrator();
      client
          .pods()
          .inNamespace("mona")
          .withLabel("spark-role", "executor")
          .informOnCondition(List::isEmpty)
          .get(60, TimeUnit.SECONDS);
      assertThat(client.services().inNamespace("mona").list().getItems()).isEmpty();
      assertThat(client.resourceQuotas().inNamespace("mona").withName("mona").get().getStatus())
          .satisfies(
              quota ->
                  assertThat(quota.getUsed())
                      .as("counted by admission")
                      .containsEntry("pods", new Quantity("3"))
                      .containsEntry("requests.cpu", new Quantity("3"))
                      .containsEntry("limits.memory", new Quantity("9Gi")));
    }
  }

  private static boolean hasToken(Pod pod) {
    return PodChecks.container(pod).getVolumeMounts().stream()
        .map(VolumeMount::getMountPath)
        .anyMatch(Submission.ACCOUNT::equals);
  }

  @Test
  void tokensMayNotDoWhatTheRolesDoNotSay() {
    try (KubernetesClient driver = server.client(server.token("mona-driver"));
        KubernetesClient submitter = server.client(server.token("mona-submitter"));
        KubernetesClient executor = server.client(server.token("mona-executor"));
        KubernetesClient stranger = server.client("stranger")) {
      assertThat(driver.pods().inNamespace("mona").list().getItems()).isNotNull();
      for (KubernetesClient client : List.of(driver, submitter, executor)) {
        forbidden(() -> client.secrets().inNamespace("mona").list());
        forbidden(() -> client.nodes().list());
        forbidden(() -> client.pods().inNamespace("default").list());
        forbidden(() -> client.configMaps().inNamespace("mona").list());
        forbidden(() -> client.network().networkPolicies().inNamespace("mona").delete());
        forbidden(() -> AccountToken.of(client, "mona", "mona-driver", null));
      }
      forbidden(() -> submitter.pods().inNamespace("mona").delete());
      forbidden(() -> executor.pods().inNamespace("mona").list());
      forbidden(
          () ->
              executor
                  .resource(
                      new ConfigMapBuilder()
                          .withNewMetadata()
                          .withNamespace("mona")
                          .withName("any")
                          .endMetadata()
                          .build())
                  .create());
      refused(() -> stranger.pods().inNamespace("mona").list(), 401, "Unauthorized");
    }
  }

  @Test
  void admissionTakesTheTemplatesAndNothingLess() throws IOException {
    for (String name : List.of("driver", "executor", "executor-nd4j-cuda", "executor-torch-cuda")) {
      Pod pod = pod(name);
      assertThat(create(pod).getSpec().getContainers()).as(name).hasSize(1);
    }
    Map<String, UnaryOperator<PodBuilder>> weaker =
        Map.of(
            "runAsNonRoot",
            pod -> pod.editSpec().editSecurityContext().withRunAsNonRoot(false).and().endSpec(),
            "seccompProfile",
            pod -> pod.editSpec().editSecurityContext().withSeccompProfile(null).and().endSpec(),
            "allowPrivilegeEscalation",
            pod ->
                pod.editSpec()
                    .editContainer(0)
                    .editSecurityContext()
                    .withAllowPrivilegeEscalation(true)
                    .and()
                    .and()
                    .endSpec(),
            "capabilities",
            pod ->
                pod.editSpec()
                    .editContainer(0)
                    .editSecurityContext()
                    .withCapabilities(null)
                    .and()
                    .and()
                    .endSpec(),
            "hostNetwork",
            pod -> pod.editSpec().withHostNetwork(true).endSpec(),
            "hostPath",
            pod ->
                pod.editSpec()
                    .addNewVolume()
                    .withName("host")
                    .withNewHostPath("/", "Directory")
                    .endVolume()
                    .endSpec());
    for (Map.Entry<String, UnaryOperator<PodBuilder>> one : weaker.entrySet()) {
      Pod pod = one.getValue().apply(new PodBuilder(pod("executor"))).build();
      refused(() -> create(pod), 403, "violates PodSecurity \"restricted:latest\"", one.getKey());
    }
    Pod greedy = withMemory(pod("executor"), "401Gi");
    refused(() -> create(greedy), 403, "exceeded quota: mona", "limits.memory=401Gi");
  }

  /** A pod of a template with what Spark adds. */
  private static Pod pod(String template) throws IOException {
    Pod pod = (Pod) Manifests.read(MANIFESTS.resolve("templates/" + template + ".yaml")).get(0);
    return withMemory(
        new PodBuilder(pod)
            .editMetadata()
            .withName(template)
            .endMetadata()
            .editSpec()
            .withServiceAccountName(template.equals("driver") ? "mona-driver" : "mona-executor")
            .editContainer(0)
            .withImage(Submission.IMAGE)
            .endContainer()
            .endSpec()
            .build(),
        "3Gi");
  }

  private static Pod withMemory(Pod pod, String memory) {
    return new PodBuilder(pod)
        .editSpec()
        .editContainer(0)
        .editResources()
        .addToRequests("cpu", new Quantity("1"))
        .addToRequests("memory", new Quantity(memory))
        .addToLimits("memory", new Quantity(memory))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  /** Has a pod admitted or refused, without making it. */
  private static Pod create(Pod pod) {
    return server.administrator().pods().inNamespace("mona").resource(pod).dryRun(true).create();
  }

  private static void forbidden(ThrowingCallable request) {
    refused(request, 403, "is forbidden: User \"system:serviceaccount:mona:");
  }

  private static void refused(ThrowingCallable request, int code, String... words) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words);
            });
  }
}
