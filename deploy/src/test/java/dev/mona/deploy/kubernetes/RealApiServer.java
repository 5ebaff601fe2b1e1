package dev.mona.deploy.kubernetes;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * A real kube-apiserver on a free port of the loopback interface, with RBAC and the admission
 * plug-ins that Kubernetes has on by itself. What controllers and the scheduler of a cluster would
 * add to it for the pods of a run, this class adds.
 */
final class RealApiServer implements AutoCloseable {
  private static final Path SCRIPT =
      Installation.home().resolve("deploy/src/test/kubernetes/api-server.sh");
  private static final Duration STARTED = Duration.ofMinutes(2);
  private static final String NAMESPACE = "mona";
  private static final String NODE = "this-machine";

  private final Running process;
  private final Path folder;
  private final String url;
  private final KubernetesClient administrator;
  private final KubernetesClient kubelet;

  private RealApiServer(Running process, Path folder, String url) throws IOException {
    this.process = process;
    this.folder = folder;
    this.url = url;
    administrator = client(Files.readString(folder.resolve("administrator.token")).strip());
    kubelet = client(Files.readString(folder.resolve("kubelet.token")).strip());
  }

  /** Skips the test, with a sentence, where none was built. */
  static void assumeBuilt(Path folder) {
    try (Running check =
        Running.start(folder.resolve("check.log"), Map.of(), List.of(SCRIPT.toString(), "check"))) {
      int code = check.await(STARTED);
      Assumptions.assumeTrue(code == 0, () -> check.output().strip());
    }
  }

  /**
   * Starts it.
   *
   * @param folder for its files
   */
  static RealApiServer start(Path folder) throws IOException {
    int port = Running.freePort();
    Running process =
        Running.start(
            folder.resolve("run.log"),
            Map.of(),
            List.of(SCRIPT.toString(), "run", folder.toString(), Integer.toString(port)));
    try {
      // written after the certificate
      Path key = folder.resolve("certificates/apiserver.key");
      process.awaitUntil("certificate", STARTED, () -> Files.exists(key));
      RealApiServer server = new RealApiServer(process, folder, "https://127.0.0.1:" + port);
      process.awaitUntil("API server", STARTED, server::isReady);
      return server;
    } catch (IOException | RuntimeException | AssertionError e) {
      process.close();
      throw e;
    }
  }

  private boolean isReady() {
    try {
      return "ok".equals(administrator.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  String url() {
    return url;
  }

  /** By which the server is known. */
  Path certificate() {
    return folder.resolve("certificates/apiserver.crt");
  }

  /** A client that may do everything. */
  KubernetesClient administrator() {
    return administrator;
  }

  /** A client with the rights of a kubelet and of the scheduler. */
  KubernetesClient kubelet() {
    return kubelet;
  }

  /** A client with a token, to be closed by the caller. */
  KubernetesClient client(String token) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withCaCertFile(certificate().toString())
                .withOauthToken(token)
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  /** A new token of a service account. */
  String token(String account) {
    return AccountToken.of(administrator, NAMESPACE, account, null);
  }

  /** What {@code kubectl create -f} does with a manifest. */
  void create(Path manifest) throws IOException {
    for (KubernetesResource one : Manifests.read(manifest)) {
      administrator.resource((HasMetadata) one).create();
    }
  }

  /**
   * Does what controllers would have done by now: pods find the certificate of the server, and
   * quotas are counted. The kubelet gets the roles of one, which a cluster gives it by its name.
   */
  void actForControllers() throws IOException {
    administrator
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName("kube-root-ca.crt")
                .endMetadata()
                .addToData("ca.crt", Files.readString(certificate()))
                .build())
        .create();
    for (ResourceQuota quota :
        administrator.resourceQuotas().inNamespace(NAMESPACE).list().getItems()) {
      administrator.resource(quota).editStatus(RealApiServer::counted);
    }
    for (String role : List.of("system:node", "system:kube-scheduler")) {
      administrator
          .resource(
              new ClusterRoleBindingBuilder()
                  .withNewMetadata()
                  .withName("test:" + role)
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                  .addNewSubject("rbac.authorization.k8s.io", "User", "kubelet", null)
                  .build())
          .create();
    }
  }

  private static ResourceQuota counted(ResourceQuota quota) {
    Map<String, Quantity> hard = quota.getSpec().getHard();
    return new ResourceQuotaBuilder(quota)
        .withNewStatus()
        .withHard(hard)
        .withUsed(
            hard.keySet().stream().collect(Collectors.toMap(key -> key, key -> new Quantity("0"))))
        .endStatus()
        .build();
  }

  /** Binds a pod to the only node there is; true, for {@link Kubelet}. */
  boolean schedule(Pod pod) {
    String name = pod.getMetadata().getName();
    Binding binding =
        new BindingBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewTarget()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(NODE)
            .endTarget()
            .build();
    String namespace = pod.getMetadata().getNamespace();
    kubelet.raw(
        "/api/v1/namespaces/%s/pods/%s/binding".formatted(namespace, name), "POST", binding);
    return true;
  }

  @Override
  public void close() {
    administrator.close();
    kubelet.close();
    process.close();
  }
}
