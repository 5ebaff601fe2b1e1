package dev.mona.deploy.kubernetes;

import dev.mona.deploy.Running;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.PodResource;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts the container of each new pod as a process of this machine, by the entry point of the
 * image, with its environment, arguments and {@linkplain PodFiles files}, and reports what becomes
 * of it. A deleted pod's process is stopped; where a pod waits for that, it is removed then.
 *
 * <p>Containers share this machine: a path of the image or of a mount is replaced by the folder
 * that stands for it wherever it occurs, except {@code /tmp}, and so is the name of a service by
 * {@code 127.0.0.1}. Users, capabilities and limits are not applied.
 */
final class Kubelet implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(9);

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

  /** The output of each pod, for the message of a test that fails. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (Pod pod : added) {
      text.append("\n--- ").append(pod.getMetadata().getName()).append('\n');
      try (Stream<String> lines = Files.lines(log(pod))) {
        text.append(lines.filter(line -> !line.isBlank()).collect(Collectors.joining("\n")));
      } catch (IOException | UncheckedIOException e) {
        text.append(e);
      }
    }
    return text.toString();
  }

  private void onEvent(Watcher.Action action, Pod pod) {
    switch (action) {
      case ADDED -> {
        added.add(pod);
        threads.execute(() -> run(pod));
      }
      case MODIFIED -> {
        if (isLeaving(pod)) {
          stop(pod);
        }
      }
      case DELETED -> stop(pod);
      case ERROR, BOOKMARK -> {}
    }
  }

  /** Whether somebody has deleted a pod that goes when its process has ended. */
  private static boolean isLeaving(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private void stop(Pod pod) {
    Running process = running.remove(pod.getMetadata().getName());
    if (process != null) {
      threads.execute(process::close);
    }
  }

  private void run(Pod pod) {
    int code;
    try {
      if (!starts.test(pod)) {
        return;
      }
      Running process = start(pod);
      running.put(pod.getMetadata().getName(), process);
      if (report(pod, "Running", new ContainerStateBuilder().withNewRunning(now()).build())) {
        stop(pod);
      }
      code = process.await(LONGEST);
    } catch (IOException | RuntimeException | AssertionError e) {
      fail(pod, e);
      code = 128;
    }
    ContainerState ended =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(code)
            .withFinishedAt(now())
            .withReason(code == 0 ? "Completed" : "Error")
            .endTerminated()
            .build();
    if (report(pod, code == 0 ? "Succeeded" : "Failed", ended)) {
      resource(pod).withGracePeriod(0).delete();
    }
  }

  private Running start(Pod pod) throws IOException {
    PodFiles files = PodFiles.of(pod, client, image, folder.resolve(pod.getMetadata().getName()));
    Map<String, String> environment = image.environment();
    environment.putAll(files.environment());
    environment.replaceAll((key, value) -> files.local(value));

    List<String> command = new ArrayList<>();
    // what WORKDIR says, which both templates make a volume
    command.addAll(List.of("env", "--chdir=" + files.local("/opt/spark/work-dir")));
    command.add(image.path("/opt/mona/entrypoint.sh").toString());
    container(pod).getArgs().forEach(word -> command.add(files.local(word)));
    return Running.start(log(pod), environment, command);
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private PodResource resource(Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName());
  }

  /** Tells the API server what became of a pod; whether the pod is leaving. */
  private boolean report(Pod pod, String phase, ContainerState state) {
    try {
      return isLeaving(resource(pod).editStatus(now -> withStatus(now, phase, state)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) {
        fail(pod, e);
      } // else deleted meanwhile, as executors are at the end of a run
      return false;
    }
  }

  private static Pod withStatus(Pod pod, String phase, ContainerState state) {
    boolean ready = state.getRunning() != null;
    return new PodBuilder(pod)
        .editOrNewStatus()
        .withPhase(phase)
        .withPodIP("127.0.0.1")
        .withHostIP("127.0.0.1")
        .withStartTime(now())
        .withConditions(
            new PodConditionBuilder()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .build())
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName(container(pod).getName())
                .withImage(container(pod).getImage())
                .withImageID(container(pod).getImage())
                .withReady(ready)
                .withRestartCount(0)
                .withState(state)
                .build())
        .endStatus()
        .build();
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
