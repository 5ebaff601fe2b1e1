package dev.mona.deploy.kubernetes;

import dev.mona.deploy.Running;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Starts the container of each new pod as a process of this machine, by the entry point of the
 * image, with its environment, arguments, volumes and token, and reports what becomes of it. A
 * deleted pod's process is stopped.
 *
 * <p>Containers share this machine: a path of the image or of a mount is replaced by the folder
 * that stands for it wherever it occurs, except {@code /tmp}, and so is the name of a service by
 * {@code 127.0.0.1}. Users, capabilities and limits are not applied.
 */
final class Kubelet implements AutoCloseable {
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final KubernetesClient client;
  private final ImageFiles image;
  private final Path folder;
  private final Predicate<Pod> starts;
  private final List<Pod> added = new CopyOnWriteArrayList<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Watch watch;

  /**
   * Begins to watch.
   *
   * @param folder where pods have their files, a folder each
   * @param starts which pods are started; others stay pending
   */
  Kubelet(KubernetesClient client, ImageFiles image, Path folder, Predicate<Pod> starts) {
    this.client = client;
    this.image = image;
    this.folder = folder;
    this.starts = starts;
    this.watch =
        client
            .pods()
            .inAnyNamespace()
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Pod pod) {
                    onEvent(action, pod);
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    // nothing starts any more, which the test that waits for it reports
                  }
                });
  }

  /** Every pod as it was when it was created. */
  List<Pod> added() {
    return List.copyOf(added);
  }

  /** Output of a pod's process. */
  Path log(Pod pod) {
    return folder.resolve(pod.getMetadata().getName()).resolve("log");
  }

  private void onEvent(Watcher.Action action, Pod pod) {
    String name = pod.getMetadata().getName();
    switch (action) {
      case ADDED -> {
        added.add(pod);
        if (starts.test(pod)) {
          threads.execute(() -> run(pod));
        }
      }
      case DELETED -> {
        Running process = running.remove(name);
        if (process != null) {
          threads.execute(process::close);
        }
      }
      case MODIFIED, ERROR, BOOKMARK -> {}
    }
  }

  private void run(Pod pod) {
    String name = pod.getMetadata().getName();
    int code;
    try {
      Running process = start(pod);
      running.put(name, process);
      report(pod, "Running", new ContainerStateBuilder().withNewRunning(now()).build());
      code = process.await(LONGEST);
    } catch (IOException | RuntimeException | AssertionError e) {
      fail(pod, e);
      code = 128;
    }
    report(
        pod,
        code == 0 ? "Succeeded" : "Failed",
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(code)
            .withFinishedAt(now())
            .withReason(code == 0 ? "Completed" : "Error")
            .endTerminated()
            .build());
  }

  private Running start(Pod pod) throws IOException {
    Container container = pod.getSpec().getContainers().get(0);
    Path own = folder.resolve(pod.getMetadata().getName());
    PathMap paths = new PathMap();
    for (String of : List.of("/opt/spark", "/opt/mona")) {
      paths.put(of, image.path(of));
    }
    for (VolumeMount mount : container.getVolumeMounts()) {
      if (!mount.getMountPath().equals("/tmp")) {
        paths.put(mount.getMountPath(), own.resolve("volumes/" + mount.getName()));
      }
    }
    paths.put(ACCOUNT, own.resolve("account"));
    for (VolumeMount mount : container.getVolumeMounts()) {
      if (paths.has(mount.getMountPath())) {
        fill(pod, mount, paths);
      }
    }
    if (!Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())) {
      Path token = Files.createDirectories(paths.get(ACCOUNT)).resolve("token");
      Files.writeString(token, pod.getSpec().getServiceAccountName());
    }

    Map<String, String> environment = image.environment();
    container.getEnv().forEach(one -> environment.put(one.getName(), value(pod, one)));
    environment.replaceAll((key, value) -> local(pod, paths, value));

    List<String> command = new ArrayList<>();
    // what WORKDIR says, which both templates make a volume
    command.addAll(List.of("env", "--chdir=" + paths.replace("/opt/spark/work-dir")));
    command.add(image.path("/opt/mona/entrypoint.sh").toString());
    container.getArgs().forEach(word -> command.add(local(pod, paths, word)));
    return Running.start(log(pod), environment, command);
  }

  /** Makes the folder of a volume, with the files of its config map. */
  private void fill(Pod pod, VolumeMount mount, PathMap paths) throws IOException {
    Path target = Files.createDirectories(paths.get(mount.getMountPath()));
    Volume volume =
        pod.getSpec().getVolumes().stream()
            .filter(one -> one.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no volume " + mount.getName()));
    ConfigMapVolumeSource source = volume.getConfigMap();
    if (source == null) {
      return;
    }
    // Spark makes the driver's map after the driver's pod.
    ConfigMap map =
        client
            .configMaps()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(source.getName())
            .waitUntilCondition(Objects::nonNull, 20, TimeUnit.SECONDS);
    Map<String, String> names = new TreeMap<>();
    for (KeyToPath item : source.getItems()) {
      names.put(item.getKey(), item.getPath());
    }
    for (Map.Entry<String, String> file : map.getData().entrySet()) {
      // Of the templates in such maps, the mounts must stay as they are.
      String text =
          file.getKey().endsWith(".properties")
              ? local(pod, paths, file.getValue())
              : file.getValue();
      Files.writeString(target.resolve(names.getOrDefault(file.getKey(), file.getKey())), text);
    }
  }

  private static String value(Pod pod, EnvVar variable) {
    if (variable.getValueFrom() == null || variable.getValueFrom().getFieldRef() == null) {
      return Objects.requireNonNullElse(variable.getValue(), "");
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> "127.0.0.1";
      case "metadata.name" -> pod.getMetadata().getName();
      default -> throw new IllegalArgumentException("no value for " + field);
    };
  }

  private static String local(Pod pod, PathMap paths, String text) {
    String service = "[a-z0-9-]+\\." + pod.getMetadata().getNamespace() + "\\.svc";
    return paths.replace(text).replaceAll(service, "127.0.0.1");
  }

  private void report(Pod pod, String phase, ContainerState state) {
    Container container = pod.getSpec().getContainers().get(0);
    boolean ready = state.getRunning() != null;
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .edit(
              now ->
                  new PodBuilder(now)
                      .withNewStatus()
                      .withPhase(phase)
                      .withPodIP("127.0.0.1")
                      .withHostIP("127.0.0.1")
                      .withStartTime(now())
                      .addNewCondition()
                      .withType("Ready")
                      .withStatus(ready ? "True" : "False")
                      .endCondition()
                      .addNewContainerStatus()
                      .withName(container.getName())
                      .withImage(container.getImage())
                      .withImageID(container.getImage())
                      .withReady(ready)
                      .withRestartCount(0)
                      .withState(state)
                      .endContainerStatus()
                      .endStatus()
                      .build());
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) {
        fail(pod, e);
      } // else deleted meanwhile, as executors are at the end of a run
    }
  }

  /** Says in the pod's log why the kubelet itself failed. */
  private void fail(Pod pod, Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    try {
      Files.createDirectories(log(pod).getParent());
      Files.writeString(
          log(pod), "kubelet: " + trace, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    watch.close();
    running.values().forEach(Running::close);
    threads.shutdownNow();
  }
}
