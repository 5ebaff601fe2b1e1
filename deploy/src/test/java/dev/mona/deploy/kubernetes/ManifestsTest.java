package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.deploy.Installation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
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
import java.util.stream.IntStream;
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
  private static final Path ON_GPUS = FOLDER.resolve("spark-application-torch-cuda.yaml");

  @TempDir Path folder;

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.getFileName().toString().startsWith("spark-application"))
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
  void applicationsHoldOnlyKeysThatTheOperatorKnows() throws IOException {
    for (Path file : List.of(APPLICATION, ON_GPUS)) {
      JsonNode application = Manifests.documents(file).get(0);
      assertThat(application.path("apiVersion").asText()).isEqualTo("sparkoperator.k8s.io/v1beta2");
      assertThatCode(() -> SparkApplicationKeys.check(application)).doesNotThrowAnyException();
    }
  }

  /** What differs on GPUs, and nothing else does. */
  @Test
  void theApplicationOnGpusIsTheOtherWithWhatGpusNeed() throws IOException {
    JsonNode expected = Manifests.documents(APPLICATION).get(0);
    ObjectNode spec = (ObjectNode) expected.path("spec");
    spec.put("image", spec.path("image").asText() + "-torch-cuda");
    List<String> settings = List.of("--set", "run.engine=torch", "--set", "run.device=gpu");
    ArrayNode arguments = (ArrayNode) spec.path("arguments");
    int first =
        IntStream.range(0, arguments.size())
            .filter(i -> arguments.get(i).asText().equals("--set"))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < settings.size(); i++) {
      arguments.insert(first + i, settings.get(i));
    }
    ((ObjectNode) spec.path("sparkConf"))
        .put("spark.executor.resource.gpu.amount", "1")
        .put("spark.executor.resource.gpu.discoveryScript", "/opt/mona/discover-gpus.sh")
        .put("spark.task.resource.gpu.amount", "1");
    Pod pod = (Pod) Manifests.read(FOLDER.resolve("templates/executor-torch-cuda.yaml")).get(0);
    ObjectNode executor = (ObjectNode) spec.path("executor");
    executor.putObject("gpu").put("name", "nvidia.com/gpu").put("quantity", 1);
    executor.set("affinity", Manifests.tree(pod.getSpec().getAffinity()));
    executor.set("tolerations", Manifests.tree(pod.getSpec().getTolerations()));
    assertThat(Manifests.documents(ON_GPUS).get(0)).isEqualTo(expected);
  }

  /** Nodes by the compute capability that an engine's natives have code for. */
  @ParameterizedTest
  @CsvSource({
    "nd4j-cuda, 6.1 7.0 7.5 8.0 8.6 8.9, 5.2 9.0 10.0 12.0",
    "torch-cuda, 7.5 8.0 8.6 8.9 9.0 10.0 10.3 12.0 12.1, 6.1 7.0 7.2 11.0 13.0"
  })
  void executorsGoWhereTheirEngineHasCode(String engine, String known, String unknown)
      throws IOException {
    Path template = FOLDER.resolve("templates/executor-" + engine + ".yaml");
    Pod pod = (Pod) Manifests.read(template).get(0);
    List<NodeSelectorTerm> terms =
        pod.getSpec()
            .getAffinity()
            .getNodeAffinity()
            .getRequiredDuringSchedulingIgnoredDuringExecution()
            .getNodeSelectorTerms();
    assertThat(known.split(" ", -1)).allMatch(capability -> takes(terms, capability));
    assertThat(unknown.split(" ", -1)).noneMatch(capability -> takes(terms, capability));
  }

  /** As Kubernetes does: one of the terms, with all of its expressions. */
  private static boolean takes(List<NodeSelectorTerm> terms, String capability) {
    String[] parts = capability.split("\\.", 2);
    Map<String, String> labels =
        Map.of("nvidia.com/gpu.compute.major", parts[0], "nvidia.com/gpu.compute.minor", parts[1]);
    return terms.stream()
        .anyMatch(
            term ->
                term.getMatchExpressions().stream()
                    .allMatch(
                        one ->
                            one.getOperator().equals("In")
                                && one.getValues().contains(labels.get(one.getKey()))));
  }

  @ParameterizedTest
  @CsvSource({
    "templates/driver.yaml, readOnlyRootFilesystem, readOnlyRootFileSystem",
    "templates/driver.yaml, sizeLimit, sizelimit",
    "templates/executor-nd4j-cuda.yaml, matchExpressions, matchExpression",
    "templates/executor-torch-cuda.yaml, tolerations, toleration",
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
    for (String template :
        List.of("driver", "executor", "executor-nd4j-cuda", "executor-torch-cuda")) {
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
    for (String name : List.of("Dockerfile", "Dockerfile.nd4j-cuda", "Dockerfile.torch-cuda")) {
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

  /** Each image holds the jar of its engine, sends it to the builder, and differs in no pod. */
  @ParameterizedTest
  @CsvSource({
    "Dockerfile, *-${JAR}.jar, *-all*.jar",
    "Dockerfile.nd4j-cuda, *-all-nd4j-cuda.jar, *-all-nd4j-cuda.jar",
    "Dockerfile.torch-cuda, *-all-torch-cuda.jar, *-all-torch-cuda.jar"
  })
  void anImageHoldsTheJarOfItsEngine(String name, String copied, String sent) throws IOException {
    assertThat(Files.readAllLines(FOLDER.resolve(name)))
        .contains("COPY mona-spark-job/target/mona-spark-job-" + copied + " /opt/mona/mona.jar");
    assertThat(Files.readAllLines(FOLDER.resolve(name + ".dockerignore")))
        .contains("!mona-spark-job/target/mona-spark-job-" + sent);
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
