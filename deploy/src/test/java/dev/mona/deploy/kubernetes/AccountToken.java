package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** Tokens of service accounts, valid for an hour, which a real API server makes. */
final class AccountToken {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECONDS = 3600;

  private AccountToken() {}

  /**
   * A new token.
   *
   * @param pod with whose end the token ends; none for one of a person
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when the client may not ask for
   *     it
   */
  static String of(KubernetesClient client, String namespace, String account, @Nullable Pod pod) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .withExpirationSeconds(SECONDS)
            .endSpec()
            .build();
    if (pod != null) {
      request =
          new TokenRequestBuilder(request)
              .editSpec()
              .withNewBoundObjectRef()
              .withApiVersion("v1")
              .withKind("Pod")
              .withName(pod.getMetadata().getName())
              .withUid(pod.getMetadata().getUid())
              .endBoundObjectRef()
              .endSpec()
              .build();
    }
    String path = "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(namespace, account);
    try {
      return JSON.readTree(client.raw(path, "POST", request)).at("/status/token").asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(path + " answers with no JSON", e);
    }
  }
}
