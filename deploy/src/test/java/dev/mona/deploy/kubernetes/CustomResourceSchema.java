package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The schema of one version of a custom resource, as its definition holds it in {@code
 * spec.versions[].schema.openAPIV3Schema}.
 *
 * <p>An API server drops a field silently that such a schema does not name. Here it is an error:
 * every object is closed that does not say {@code additionalProperties} or {@code
 * x-kubernetes-preserve-unknown-fields}. Three keys stand in no schema of a resource, since the
 * server itself defines them: {@code apiVersion}, {@code kind} and {@code metadata}.
 */
final class CustomResourceSchema {
  private final JsonSchema schema;

  private CustomResourceSchema(JsonSchema schema) {
    this.schema = schema;
  }

  /**
   * Reads a definition.
   *
   * @param definition YAML of a {@code CustomResourceDefinition}
   * @param version its version, such as v1
   * @throws IllegalArgumentException when it has no such version
   */
  static CustomResourceSchema read(Path definition, String version) throws IOException {
    for (JsonNode document : Manifests.documents(definition)) {
      for (JsonNode one : document.path("spec").path("versions")) {
        if (one.path("name").asText().equals(version)
            && one.path("schema").path("openAPIV3Schema") instanceof ObjectNode found) {
          return new CustomResourceSchema(
              // OpenAPI 3.0 has the words of draft 4: exclusiveMinimum is true or false.
              JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(resource(found)));
        }
      }
    }
    throw new IllegalArgumentException(definition + " defines no version " + version);
  }

  /** What is wrong with a resource: nothing, or one sentence a fault. */
  List<String> faults(JsonNode resource) {
    return schema.validate(resource).stream().map(ValidationMessage::getMessage).sorted().toList();
  }

  private static JsonNode resource(ObjectNode schema) {
    ObjectNode closed = schema.deepCopy();
    close(closed);
    ObjectNode properties = closed.withObject("/properties");
    for (String text : List.of("apiVersion", "kind")) {
      properties.putObject(text).put("type", "string");
    }
    properties.putObject("metadata").put("type", "object");
    return closed;
  }

  private static void close(JsonNode schema) {
    schema.path("properties").forEach(CustomResourceSchema::close);
    close(schema, "items");
    close(schema, "additionalProperties");
    if (schema instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && !object.has("additionalProperties")
        && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      object.put("additionalProperties", false);
    }
  }

  private static void close(JsonNode schema, String key) {
    if (schema.path(key).isObject()) {
      close(schema.path(key));
    }
  }
}
