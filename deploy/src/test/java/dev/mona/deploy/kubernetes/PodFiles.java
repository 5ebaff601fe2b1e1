package dev.mona.deploy.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The folders of this machine that stand for those of a pod: of its image, and of its volumes with
 * the files of config maps and the token of its account. {@code /tmp} is this machine's.
 */
final class PodFiles {
  private static final String ACCOUNT = Submission.ACCOUNT;

  private final KubernetesClient client;
  private final Pod pod;
  private final PathMap paths = new PathMap();

  private PodFiles(KubernetesClient client, Pod pod) {
    this.client = client;
    this.pod = pod;
  }

  /**
   * Makes them.
   *
   * @param folder of the pod
   */
  static PodFiles of(Pod pod, KubernetesClient client, ImageFiles image, Path folder)
      throws IOException {
    PodFiles files = new PodFiles(client, pod);
    for (String of : List.of("/opt/spark", "/opt/mona")) {
      files.paths.put(of, image.path(of));
    }
    List<VolumeMount> mounts =
        container(pod).getVolumeMounts().stream()
            .filter(mount -> !mount.getMountPath().equals("/tmp"))
            .toList();
    for (VolumeMount mount : mounts) {
      files.paths.put(mount.getMountPath(), folder.resolve("volumes/" + mount.getName()));
    }
    boolean hasAccount = files.paths.has(ACCOUNT);
    if (!hasAccount) {
      files.paths.put(ACCOUNT, folder.resolve("account"));
    }
    for (VolumeMount mount : mounts) {
      files.fill(mount);
    }
    // Without admission nobody mounts one, and tokens are the names of accounts.
    if (!hasAccount && !Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())) {
      Path token = Files.createDirectories(files.paths.get(ACCOUNT)).resolve("token");
      Files.writeString(token, pod.getSpec().getServiceAccountName());
    }
    return files;
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  /** The variables of the pod's container. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar one : container(pod).getEnv()) {
      boolean isField = one.getValueFrom() != null && one.getValueFrom().getFieldRef() != null;
      environment.put(
          one.getName(),
          isField
              ? field(one.getValueFrom().getFieldRef().getFieldPath())
              : Objects.requireNonNullElse(one.getValue(), ""));
    }
    return environment;
  }

  /** A text with the paths of the pod and the names of services as they are here. */
  String local(String text) {
    String service = "[a-z0-9-]+\\." + pod.getMetadata().getNamespace() + "\\.svc";
    return paths.replace(text).replaceAll(service, "127.0.0.1");
  }

  private String field(String path) {
    return switch (path) {
      case "status.podIP" -> "127.0.0.1";
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      default -> throw new IllegalArgumentException("no value for " + path);
    };
  }

  /** Makes the folder of a volume, with what its config maps and projections hold. */
  private void fill(VolumeMount mount) throws IOException {
    Path target = Files.createDirectories(paths.get(mount.getMountPath()));
    Volume volume =
        pod.getSpec().getVolumes().stream()
            .filter(one -> one.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no volume " + mount.getName()));
    if (volume.getConfigMap() != null) {
      write(volume.getConfigMap().getName(), volume.getConfigMap().getItems(), target);
    }
    if (volume.getProjected() != null) {
      for (VolumeProjection source : volume.getProjected().getSources()) {
        project(source, target);
      }
    }
  }

  private void project(VolumeProjection source, Path target) throws IOException {
    if (source.getServiceAccountToken() != null) {
      Files.writeString(
          target.resolve(source.getServiceAccountToken().getPath()),
          AccountToken.of(client, pod.getMetadata().getNamespace(), account(), pod));
    }
    if (source.getConfigMap() != null) {
      write(source.getConfigMap().getName(), source.getConfigMap().getItems(), target);
    }
    if (source.getDownwardAPI() != null) {
      for (DownwardAPIVolumeFile file : source.getDownwardAPI().getItems()) {
        Files.writeString(target.resolve(file.getPath()), field(file.getFieldRef().getFieldPath()));
      }
    }
  }

  private String account() {
    return pod.getSpec().getServiceAccountName();
  }

  private void write(String configMap, List<KeyToPath> items, Path target) throws IOException {
    // Spark makes the driver's map after the driver's pod.
    ConfigMap map =
        client
            .configMaps()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(configMap)
            .waitUntilCondition(Objects::nonNull, 60, TimeUnit.SECONDS);
    Map<String, String> names = new TreeMap<>();
    for (KeyToPath item : items) {
      names.put(item.getKey(), item.getPath());
    }
    for (Map.Entry<String, String> file : map.getData().entrySet()) {
      // Of the templates in such maps, the mounts must stay as they are.
      String text =
          file.getKey().endsWith(".properties") ? local(file.getValue()) : file.getValue();
      Files.writeString(target.resolve(names.getOrDefault(file.getKey(), file.getKey())), text);
    }
  }
}
