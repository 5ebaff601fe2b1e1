package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/mona/pods/driver, get pods in mona",
    "GET, /api/v1/namespaces/mona/pods?labelSelector=a%3Db, list pods in mona",
    "GET, /api/v1/namespaces/mona/pods?limit=1&watch=true, watch pods in mona",
    "GET, /api/v1/namespaces/mona/pods?watch=false, list pods in mona",
    "GET, /api/v1/pods, 'list pods in '",
    "POST, /api/v1/namespaces/mona/services, create services in mona",
    "PATCH, /api/v1/namespaces/mona/configmaps/c?fieldManager=f, patch configmaps in mona",
    "DELETE, /api/v1/namespaces/mona/pods/e, delete pods in mona",
    "DELETE, /api/v1/namespaces/mona/pods?labelSelector=a, deletecollection pods in mona",
    "PUT, /apis/apps/v1/namespaces/mona/deployments/d, update deployments.apps in mona",
  })
  void requestIsReadAsARoleWouldSayIt(String method, String path, String expected) {
    assertThat(Access.of(method, path)).hasToString("Optional[" + expected + "]");
  }

  @Test
  void requestAboutNoResourceIsNoAccess() {
    assertThat(Access.of("GET", "/version")).isEmpty();
  }

  @Test
  void serverRefusesWhatTheRoleOfATokenLacks() {
    Set<String> reader = Set.of("list pods in mona", "patch configmaps in mona");
    try (ApiServer server = new ApiServer(Map.of("reader", reader));
        KubernetesClient client = client(server, "reader");
        KubernetesClient stranger = client(server, "stranger")) {
      assertThat(client.pods().inNamespace("mona").list().getItems()).isEmpty();
      assertRefused(() -> client.pods().inNamespace("other").list());
      assertRefused(() -> client.services().inNamespace("mona").list());
      assertRefused(() -> stranger.pods().inNamespace("mona").list());
      assertRefused(
          () ->
              client
                  .configMaps()
                  .inNamespace("mona")
                  .resource(
                      new ConfigMapBuilder().withNewMetadata().withName("c").endMetadata().build())
                  .serverSideApply());
      assertThat(server.dispatcher().used("reader"))
          .containsExactly("list pods in mona", "patch configmaps in mona");
      assertThat(server.dispatcher().refused())
          .containsOnlyKeys("reader", "stranger")
          .containsEntry(
              "reader",
              Set.of("list pods in other", "list services in mona", "create configmaps in mona"));
    }
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
  }

  private static KubernetesClient client(ApiServer server, String token) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withOauthToken(token)
                .build())
        .build();
  }
}
