package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of a {@code SparkApplication}, version v1beta2, as the API documentation of the Spark
 * operator 2.x lists them. What Kubernetes itself defines in it is checked against its model.
 */
final class SparkApplicationKeys {
  private static final Set<String> SPEC =
      words(
          """
          type sparkVersion mode proxyUser image imagePullPolicy imagePullSecrets mainClass
          mainApplicationFile arguments sparkConf hadoopConf sparkConfigMap hadoopConfigMap volumes
          driver executor deps restartPolicy nodeSelector failureRetries retryInterval pythonVersion
          memoryOverheadFactor monitoring batchScheduler timeToLiveSeconds batchSchedulerOptions
          sparkUIOptions driverIngressOptions dynamicAllocation
          """);
  private static final Set<String> RESTART =
      words(
          """
          type onSubmissionFailureRetries onFailureRetries onSubmissionFailureRetryInterval
          onFailureRetryInterval
          """);
  private static final Set<String> POD =
      words(
          """
          template cores coreLimit coreRequest memory memoryOverhead gpu image configMaps secrets env
          envVars envFrom envSecretKeyRefs labels annotations volumeMounts affinity tolerations
          podSecurityContext securityContext schedulerName sidecars initContainers hostNetwork
          nodeSelector dnsConfig terminationGracePeriodSeconds serviceAccount hostAliases
          shareProcessNamespace runtimeClassName javaOptions lifecycle ports priorityClassName
          """);
  private static final Set<String> DRIVER =
      with(POD, "podName kubernetesMaster serviceAnnotations serviceLabels");
  private static final Set<String> EXECUTOR = with(POD, "instances deleteOnTermination");
  private static final Set<String> GPU = words("name quantity");

  /** Keys whose value, or each element of it, is of Kubernetes' model. */
  private static final Map<String, Class<?>> MODEL =
      Map.of(
          "affinity", Affinity.class,
          "env", EnvVar.class,
          "podSecurityContext", PodSecurityContext.class,
          "securityContext", SecurityContext.class,
          "tolerations", Toleration.class,
          "volumeMounts", VolumeMount.class,
          "volumes", Volume.class);

  private SparkApplicationKeys() {}

  /**
   * Checks a manifest.
   *
   * @throws IllegalArgumentException when a key is unknown or a value is of the wrong kind
   */
  static void check(JsonNode application) {
    only(application, words("apiVersion kind metadata spec"), "the manifest");
    Manifests.as(application.path("metadata"), ObjectMeta.class);
    JsonNode spec = application.path("spec");
    only(spec, SPEC, "spec");
    only(spec.path("restartPolicy"), RESTART, "spec.restartPolicy");
    only(spec.path("driver"), DRIVER, "spec.driver");
    only(spec.path("executor"), EXECUTOR, "spec.executor");
    only(spec.path("executor").path("gpu"), GPU, "spec.executor.gpu");
    only(spec.path("driver").path("gpu"), GPU, "spec.driver.gpu");
  }

  private static void only(JsonNode object, Set<String> known, String where) {
    Set<String> unknown = new TreeSet<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown keys " + unknown + " in " + where);
    }
    MODEL.forEach(
        (key, type) -> {
          JsonNode value = object.path(key);
          if (value.isArray()) {
            value.forEach(element -> Manifests.as(element, type));
          } else if (!value.isMissingNode()) {
            Manifests.as(value, type);
          }
        });
  }

  private static Set<String> words(String text) {
    return Set.copyOf(Arrays.asList(text.strip().split("\\s+", -1)));
  }

  private static Set<String> with(Set<String> set, String more) {
    Set<String> all = new LinkedHashSet<>(set);
    all.addAll(words(more));
    return Set.copyOf(all);
  }
}
