package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.deploy.Installation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApacheApplicationTest {
  private static final Path FOLDER = Installation.home().resolve("deploy/kubernetes");

  private JsonNode document;
  private ApacheApplication application;
  private JsonNode kubeflows;

  @BeforeEach
  void read() throws IOException {
    document = Manifests.documents(FOLDER.resolve("spark-application-apache.yaml")).get(0);
    application = ApacheApplication.read(document);
    kubeflows = Manifests.documents(FOLDER.resolve("spark-application.yaml")).get(0);
  }

  @Test
  void isTheRunOfTheOtherOperator() {
    assertThat(application.apiVersion()).isEqualTo("spark.apache.org/v1");
    assertThat(application.kind()).isEqualTo("SparkApplication");
    assertThat(document.path("metadata")).isEqualTo(kubeflows.path("metadata"));
    JsonNode spec = kubeflows.path("spec");
    assertThat(application.spec().mainClass()).isEqualTo(spec.path("mainClass").asText());
    assertThat(application.spec().jars()).isEqualTo(spec.path("mainApplicationFile").asText());
    assertThat(document.at("/spec/driverArgs")).isEqualTo(spec.path("arguments"));
    assertThat(application.spec().runtimeVersions())
        .isEqualTo(
            new ApacheApplication.RuntimeVersions(
                spec.path("sparkVersion").asText(), "2.12", null));
    ApacheApplication.Restart restart = application.spec().applicationTolerations().restartConfig();
    assertThat(restart.restartPolicy()).isEqualTo(ApacheApplication.RestartPolicy.ON_FAILURE);
    assertThat(restart.maxRestartAttempts())
        .isEqualTo(spec.at("/restartPolicy/onFailureRetries").asLong());
  }

  /** Both templates, whole, are what {@code submit.sh} gives to Spark. */
  @Test
  void makesThePodsOfTheTemplates() throws IOException {
    Map<String, PodTemplateSpec> made =
        Map.of(
            "driver", application.spec().driverSpec().podTemplateSpec(),
            "executor", application.spec().executorSpec().podTemplateSpec());
    for (Map.Entry<String, PodTemplateSpec> one : made.entrySet()) {
      Path file = FOLDER.resolve("templates/" + one.getKey() + ".yaml");
      Pod template = (Pod) Manifests.read(file).get(0);
      assertThat(one.getValue().getMetadata()).isEqualTo(template.getMetadata());
      assertThat(one.getValue().getSpec()).isEqualTo(template.getSpec());
    }
  }

  /** The properties of {@code submit.sh} but the two that the operator sets itself. */
  @Test
  void hasThePropertiesOfASubmission() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    Path properties = Installation.home().resolve("conf/clusters/kubernetes.conf");
    for (String line : Files.readAllLines(properties)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+", 2);
        expected.put(words[0], words[1]);
      }
    }
    assertThat(
            expected
                .keySet()
                .removeAll(List.of("spark.submit.deployMode", "spark.kubernetes.namespace")))
        .isTrue();
    String image = kubeflows.at("/spec/image").asText();
    expected.put("spark.kubernetes.container.image", image);
    for (String role : List.of("driver", "executor")) {
      expected.put(
          "spark.kubernetes." + role + ".podTemplateContainerName", "spark-kubernetes-" + role);
    }
    assertThat(application.spec().sparkConf()).containsExactlyInAnyOrderEntriesOf(expected);
  }

  /** A round needs all executors: the operator ends an attempt when Spark ends its waiting. */
  @Test
  void startsWithEveryExecutorOrNotAtAll() {
    Map<String, String> conf = application.spec().sparkConf();
    long executors = Long.parseLong(conf.getOrDefault("spark.executor.instances", ""));
    ApacheApplication.Tolerations tolerations = application.spec().applicationTolerations();
    assertThat(tolerations.instanceConfig())
        .isEqualTo(new ApacheApplication.Instances(executors, executors, executors));
    assertThat(conf).containsEntry("spark.scheduler.maxRegisteredResourcesWaitingTime", "600s");
    assertThat(tolerations.applicationTimeoutConfig().executorStartTimeoutMillis())
        .isEqualTo(600_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "/spec, mainClas",
    "/spec/applicationTolerations, resourceRetentionPolicy",
    "/spec/applicationTolerations/restartConfig, maxRestartAttempt",
    "/spec/executorSpec/podTemplateSpec/spec/securityContext, runAsNonroot",
    "/metadata, label"
  })
  void misspeltKeyIsRefused(String where, String misspelt) {
    ((ObjectNode) document.at(where)).put(misspelt, "1");
    assertThatThrownBy(() -> ApacheApplication.read(document))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(misspelt);
  }

  @Test
  void valuesThatAnApiServerRefusesAreRefused() {
    ((ObjectNode) document.at("/spec/sparkConf")).put("spark.executor.instances", 2);
    assertThatThrownBy(() -> ApacheApplication.read(document)).hasMessageContaining("no text");
    ((ObjectNode) document.at("/spec/sparkConf")).put("spark.executor.instances", "2");
    ((ObjectNode) document.at("/spec/applicationTolerations")).put("resourceRetainPolicy", "Ever");
    assertThatThrownBy(() -> ApacheApplication.read(document)).hasMessageContaining("Ever");
  }
}
