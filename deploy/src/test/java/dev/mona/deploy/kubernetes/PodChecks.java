package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the pods of a {@link Submission} must be like. */
final class PodChecks {
  private PodChecks() {}

  static void driver(Pod pod) {
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("mona");
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("mona-driver");
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("spark-role", "driver")
        .containsEntry("app.kubernetes.io/component", "driver");
    assertThat(container(pod).getArgs())
        .startsWith("driver")
        .contains("dev.mona.cli.Main", "local:///opt/mona/mona.jar", "train");
    hardened(pod);
  }

  static void executor(Pod pod) {
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
    hardened(pod);
  }

  /** A driver, then two executors on CPUs. */
  static void ofRun(List<Pod> pods) {
    assertThat(pods).hasSize(3);
    driver(pods.get(0));
    for (Pod executor : pods.subList(1, 3)) {
      executor(executor);
      assertThat(container(executor).getImage()).isEqualTo(Submission.IMAGE);
      assertThat(container(executor).getResources().getLimits())
          .doesNotContainKey("nvidia.com/gpu");
    }
  }

  /** What both templates ask for, and the memory of the tests' settings: heap and overhead. */
  private static void hardened(Pod pod) {
    assertThat(pod.getSpec().getSecurityContext())
        .satisfies(
            context -> {
              assertThat(context.getRunAsNonRoot()).isTrue();
              assertThat(context.getRunAsUser()).isEqualTo(185L);
              assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            });
    Container container = container(pod);
    assertThat(container.getImage()).startsWith(Submission.IMAGE);
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

  static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  static boolean isExecutor(Pod pod) {
    return "executor".equals(pod.getMetadata().getLabels().get("spark-role"));
  }
}
