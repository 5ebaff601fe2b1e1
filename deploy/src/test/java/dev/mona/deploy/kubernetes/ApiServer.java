package dev.mona.deploy.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.mockwebserver.MockWebServer;

/** A Kubernetes API on a free port of the loopback interface. */
final class ApiServer implements AutoCloseable {
  private static final String ADMINISTRATOR = "administrator";
  // held, since a logger that nobody holds forgets its level
  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  private final KubernetesMockServer server;
  private final ApiDispatcher dispatcher;
  private final KubernetesClient client;

  /**
   * Starts it.
   *
   * @param allowed what each token may do, as {@link Access#allowedBy} has it
   */
  ApiServer(Map<String, Set<String>> allowed) {
    REQUESTS.setLevel(Level.WARNING);
    dispatcher = new ApiDispatcher(ADMINISTRATOR, allowed);
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl(url())
                    .withOauthToken(ADMINISTRATOR)
                    .build())
            .build();
  }

  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** A client that may do everything. */
  KubernetesClient client() {
    return client;
  }

  ApiDispatcher dispatcher() {
    return dispatcher;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
