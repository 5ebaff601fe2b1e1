package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A made-up definition that says what those of operators say. */
class CustomResourceSchemaTest {
  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: boats.example.org
      spec:
        group: example.org
        versions:
          - name: v1
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    required: [name]
                    properties:
                      name:
                        type: string
                      type:
                        type: string
                        enum: [Sail, Row]
                      size:
                        anyOf:
                          - type: integer
                          - type: string
                        x-kubernetes-int-or-string: true
                      seats:
                        type: integer
                        minimum: 1
                      properties:
                        type: object
                        additionalProperties:
                          type: string
                      crew:
                        type: array
                        items:
                          type: object
                          properties:
                            rank:
                              type: string
                      berths:
                        type: object
                        additionalProperties:
                          type: object
                          properties:
                            length:
                              type: number
                      notes:
                        type: object
                        x-kubernetes-preserve-unknown-fields: true
      """;
  private static final String BOAT =
      """
      apiVersion: example.org/v1
      kind: Boat
      metadata:
        name: one
        labels: {a: b}
      spec:
        name: one
        type: Sail
        size: 4Gi
        seats: 2
        properties: {anything: goes}
        crew: [{rank: first}]
        berths: {bow: {length: 2.5}}
        notes: {free: [1]}
      """;

  @TempDir Path folder;
  private CustomResourceSchema schema;

  @BeforeEach
  void readSchema() throws IOException {
    Path definition = folder.resolve("definition.yaml");
    Files.writeString(definition, DEFINITION);
    schema = CustomResourceSchema.read(definition, "v1");
    assertThatThrownBy(() -> CustomResourceSchema.read(definition, "v2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no version v2");
  }

  @Test
  void takesWhatItDefines() throws IOException {
    assertThat(schema.faults(resource(BOAT))).isEmpty();
    assertThat(schema.faults(resource(BOAT.replace("4Gi", "4")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'seats:', 'seat:', seat",
    "'rank:', 'ranks:', ranks",
    "'length:', 'lenght:', lenght",
    "'spec:', 'specs:', specs",
    "'spec:\n', 'status: {a: 1}\nspec:\n', status",
    "goes, '1', properties",
    "Sail, Steam, type",
    "'seats: 2', 'seats: 0', seats",
    "'seats: 2', 'seats: \"2\"', seats",
    "'  name: one\n  type', '  type', name",
  })
  void refusesWhatItDoesNotDefine(String good, String bad, String named) throws IOException {
    assertThat(BOAT).contains(good);
    assertThat(schema.faults(resource(BOAT.replace(good, bad))))
        .isNotEmpty()
        .anyMatch(fault -> fault.contains(named));
  }

  private JsonNode resource(String text) throws IOException {
    Path file = folder.resolve("boat.yaml");
    Files.writeString(file, text);
    return Manifests.documents(file).get(0);
  }
}
