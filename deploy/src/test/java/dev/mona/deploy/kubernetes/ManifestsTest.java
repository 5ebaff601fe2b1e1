package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.deploy.Installation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final Path FOLDER = Installation.home().resolve("deploy/kubernetes");
  private static final Path APPLICATION = FOLDER.resolve("spark-application.yaml");

  @TempDir Path folder;

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.equals(APPLICATION))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void holdsOnlyKeysThatKubernetesKnows(Path file) throws IOException {
    assertThat(Manifests.read(file)).isNotEmpty();
  }

  @Test
  void applicationHoldsOnlyKeysThatTheOperatorKnows() throws IOException {
    JsonNode application = Manifests.documents(APPLICATION).get(0);
    assertThat(application.path("apiVersion").asText()).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThatCode(() -> SparkApplicationKeys.check(application)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "templates/driver.yaml, readOnlyRootFilesystem, readOnlyRootFileSystem",
    "templates/driver.yaml, sizeLimit, sizelimit",
    "templates/executor-gpu.yaml, matchExpressions, matchExpression",
    "templates/executor-gpu.yaml, tolerations, toleration",
    "rbac.yaml, roleRef, roleref",
    "rbac.yaml, verbs, verb",
    "network-policy.yaml, podSelector, podselector",
    "network-policy.yaml, protocol, protokol",
    "namespace.yaml, hard, limit",
  })
  void misspeltKeyIsRefused(String file, String key, String misspelt) throws IOException {
    String text = Files.readString(FOLDER.resolve(file));
    assertThat(text).contains(key + ":");
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(wrong, text.replace(key + ":", misspelt + ":"));
    assertThatThrownBy(() -> Manifests.read(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(misspelt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/spec", "/spec/driver", "/spec/executor/securityContext", "/metadata"})
  void misspeltKeyOfAnApplicationIsRefused(String where) throws IOException {
    JsonNode application = Manifests.documents(APPLICATION).get(0);
    ((ObjectNode) application.at(where)).put("imagePullpolicy", "Always");
    assertThatThrownBy(() -> SparkApplicationKeys.check(application))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imagePullpolicy");
  }

  @Test
  void rolesHoldNoWildcardAndNothingBeyondTheNamespace() throws IOException {
    List<?> objects = Manifests.read(FOLDER.resolve("rbac.yaml"));
    assertThat(objects)
        .filteredOn(Role.class::isInstance)
        .hasSize(2)
        .allSatisfy(
            object ->
                assertThat(((Role) object).getRules())
                    .allSatisfy(
                        rule ->
                            assertThat(words(rule))
                                .doesNotContain(
                                    "*", "secrets", "escalate", "bind", "impersonate")));
    assertThat(objects)
        .filteredOn(RoleBinding.class::isInstance)
        .allSatisfy(
            object -> assertThat(((RoleBinding) object).getRoleRef().getKind()).isEqualTo("Role"));
  }

  /** The pods of a run by the label that all of them carry, in both directions. */
  @Test
  void thePolicyIsOfThePodsOfARunAndOpensNothingToOthers() throws IOException {
    NetworkPolicy policy =
        (NetworkPolicy) Manifests.read(FOLDER.resolve("network-policy.yaml")).get(0);
    Map<String, String> selected = policy.getSpec().getPodSelector().getMatchLabels();
    for (String template : List.of("driver", "executor", "executor-gpu")) {
      Pod pod = (Pod) Manifests.read(FOLDER.resolve("templates/" + template + ".yaml")).get(0);
      assertThat(pod.getMetadata().getLabels()).containsAllEntriesOf(selected);
    }
    JsonNode spec = Manifests.documents(APPLICATION).get(0).path("spec");
    for (String role : List.of("driver", "executor")) {
      selected.forEach(
          (key, value) ->
              assertThat(spec.path(role).path("labels").path(key).asText()).isEqualTo(value));
    }
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(policy.getSpec().getIngress())
        .flatExtracting(NetworkPolicyIngressRule::getFrom)
        .hasSize(1)
        .allSatisfy(peer -> assertThat(peer.getPodSelector().getMatchLabels()).isEqualTo(selected));
    // to whom it may concern only by named ports
    assertThat(policy.getSpec().getEgress())
        .allSatisfy(
            rule -> {
              if (rule.getTo().isEmpty()) {
                assertThat(rule.getPorts()).isNotEmpty().allMatch(p -> p.getPort() != null);
              }
            });
  }

  /** The images are built on a digest and hold both bills of materials. */
  @Test
  void imagesArePinnedAndCarryTheirBillsOfMaterials() throws IOException {
    for (String name : List.of("Dockerfile", "Dockerfile.cuda")) {
      String text = Files.readString(FOLDER.resolve(name));
      assertThat(text).contains("FROM ${BASE}\n", "no/*|*@sha256:*)", "PINNED=yes");
      assertThat(text)
          .contains(
              "COPY mona-spark-job/target/sbom.json /opt/mona/sbom/",
              "COPY tools/distributions/spark/target/sbom.json /opt/mona/sbom/");
      assertThat(Files.readString(FOLDER.resolve(name + ".dockerignore")))
          .contains(
              "!mona-spark-job/target/sbom.json", "!tools/distributions/spark/target/sbom.json");
    }
  }

  private static List<String> words(PolicyRule rule) {
    return Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void applicationMakesThePodsOfTheTemplates() throws IOException {
    JsonNode spec = Manifests.documents(APPLICATION).get(0).path("spec");
    for (String role : List.of("driver", "executor")) {
      Pod template = (Pod) Manifests.read(FOLDER.resolve("templates/" + role + ".yaml")).get(0);
      Container container = template.getSpec().getContainers().get(0);
      JsonNode pod = spec.path(role);
      assertThat(pod.path("podSecurityContext"))
          .isEqualTo(Manifests.tree(template.getSpec().getSecurityContext()));
      assertThat(pod.path("securityContext"))
          .isEqualTo(Manifests.tree(container.getSecurityContext()));
      assertThat(pod.path("volumeMounts")).isEqualTo(Manifests.tree(container.getVolumeMounts()));
      assertThat(spec.path("volumes")).isEqualTo(Manifests.tree(template.getSpec().getVolumes()));
    }
  }
}
