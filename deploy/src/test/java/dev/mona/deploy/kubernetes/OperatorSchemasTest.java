package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.deploy.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The manifests for Spark operators against the schemas that these give an API server. No package
 * holds Apache's: {@code -Dmona.crd.apache=FILE} names that of its Helm chart.
 */
class OperatorSchemasTest {
  private static final Path FOLDER = Installation.home().resolve("deploy/kubernetes");
  private static final GoModule KUBEFLOW =
      new GoModule(
          "github.com/kubeflow/spark-operator/v2",
          "v2.3.0",
          "h1:cYN/331gwkdZ0S/ai72JQoUv7UK52O2OQOWFpl8XhPc=");

  @Test
  void kubeflowsOperatorTakesItsManifests() throws IOException {
    CustomResourceSchema schema =
        CustomResourceSchema.read(
            KUBEFLOW
                .fetch(Installation.home().resolve("deploy/target/go"))
                .resolve("config/crd/bases/sparkoperator.k8s.io_sparkapplications.yaml"),
            "v1beta2");
    for (String file : List.of("spark-application.yaml", "spark-application-torch-cuda.yaml")) {
      requireTaken(schema, file);
      requireRefused(schema, file, "/spec/executor", "instance");
      requireRefused(schema, file, "/spec/driver/securityContext", "runAsNonroot");
      requireRefused(schema, file, "/spec/restartPolicy", "onFailureRetry");
    }
  }

  @Test
  void apachesOperatorTakesItsManifest() throws IOException {
    String definition = System.getProperty("mona.crd.apache", "");
    Assumptions.assumeFalse(
        definition.isEmpty(),
        "-Dmona.crd.apache=FILE does not name the definition sparkapplications.spark.apache.org"
            + " of Apache's Helm chart");
    CustomResourceSchema schema = CustomResourceSchema.read(Path.of(definition), "v1");
    String file = "spark-application-apache.yaml";
    requireTaken(schema, file);
    requireRefused(schema, file, "/spec", "mainclass");
    requireRefused(schema, file, "/spec/applicationTolerations/instanceConfig", "minExecutor");
    requireRefused(schema, file, "/spec/driverSpec/podTemplateSpec/spec", "volume");
  }

  private static void requireTaken(CustomResourceSchema schema, String file) throws IOException {
    assertThat(schema.faults(application(file))).as(file).isEmpty();
  }

  private static void requireRefused(
      CustomResourceSchema schema, String file, String where, String misspelt) throws IOException {
    JsonNode application = application(file);
    ((ObjectNode) application.at(where)).put(misspelt, "1");
    assertThat(schema.faults(application))
        .as(file)
        .hasSize(1)
        .first()
        .asString()
        .contains(misspelt);
  }

  private static JsonNode application(String file) throws IOException {
    return Manifests.documents(FOLDER.resolve(file)).get(0);
  }
}
