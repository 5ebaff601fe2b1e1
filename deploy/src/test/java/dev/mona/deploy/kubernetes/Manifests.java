package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Manifests as objects of the Kubernetes model; a key that the model does not know is refused. */
final class Manifests {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .setAnnotationIntrospector(new KnownKeysOnly())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Map<String, Class<? extends KubernetesResource>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/ResourceQuota", ResourceQuota.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "v1/Pod", Pod.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "rbac.authorization.k8s.io/v1/Role", Role.class,
          "rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class);

  private Manifests() {}

  /** The documents of a file as they stand. */
  static List<JsonNode> documents(Path file) throws IOException {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return all.readAll();
    }
  }

  /** The objects of a file. */
  static List<KubernetesResource> read(Path file) throws IOException {
    List<KubernetesResource> objects = new ArrayList<>();
    for (JsonNode document : documents(file)) {
      String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
      Class<? extends KubernetesResource> type = KINDS.get(kind);
      if (type == null) {
        throw new IllegalArgumentException(
            file + " holds a " + kind + ": not in the list of kinds");
      }
      objects.add(as(document, type));
    }
    return objects;
  }

  /**
   * One object.
   *
   * @throws IllegalArgumentException when a key is unknown or a value is of the wrong kind
   */
  static <T> T as(JsonNode document, Class<T> type) {
    try {
      return YAML.treeToValue(document, type);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** An object of the model as it stands in a file. */
  static JsonNode tree(Object object) {
    try {
      return YAML.readTree(YAML.writeValueAsString(object));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model keeps keys that it does not know in a map of its own; here they are an error. */
  private static final class KnownKeysOnly extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }
}
