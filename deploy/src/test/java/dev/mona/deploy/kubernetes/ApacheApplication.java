package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code SparkApplication} of Apache's Spark operator, version {@code spark.apache.org/v1}, with
 * the fields that its documentation of custom resources lists and that a run may need. Its schema
 * is made from such a class, with the same model of Kubernetes in it.
 */
record ApacheApplication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException when a key is unknown or a value is of the wrong kind
   */
  static ApacheApplication read(JsonNode document) {
    // The reader would take a number for a text, which an API server does not.
    document.path("spec").path("sparkConf").forEach(ApacheApplication::requireText);
    document.path("spec").path("driverArgs").forEach(ApacheApplication::requireText);
    return Manifests.as(document, ApacheApplication.class);
  }

  private static void requireText(JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException("the value " + value + " is no text: put it in quotes");
    }
  }

  record Spec(
      String mainClass,
      String jars,
      List<String> driverArgs,
      RuntimeVersions runtimeVersions,
      Tolerations applicationTolerations,
      Map<String, String> sparkConf,
      PodTemplate driverSpec,
      PodTemplate executorSpec) {}

  record RuntimeVersions(
      String sparkVersion, @Nullable String scalaVersion, @Nullable String jdkVersion) {}

  record Tolerations(
      Restart restartConfig,
      Instances instanceConfig,
      Timeouts applicationTimeoutConfig,
      ResourceRetainPolicy resourceRetainPolicy,
      @Nullable Long resourceRetainDurationMillis,
      @Nullable Long ttlAfterStopMillis) {}

  record Restart(
      RestartPolicy restartPolicy,
      @Nullable Long maxRestartAttempts,
      @Nullable Long restartBackoffMillis,
      @Nullable Long restartCounterResetMillis) {}

  record Instances(long initExecutors, long minExecutors, long maxExecutors) {}

  record Timeouts(
      @Nullable Long driverStartTimeoutMillis,
      @Nullable Long driverReadyTimeoutMillis,
      @Nullable Long executorStartTimeoutMillis,
      @Nullable Long forceTerminationGracePeriodMillis,
      @Nullable Long terminationRequeuePeriodMillis) {}

  record PodTemplate(PodTemplateSpec podTemplateSpec) {}

  enum RestartPolicy {
    @JsonProperty("Always")
    ALWAYS,
    @JsonProperty("Never")
    NEVER,
    @JsonProperty("OnFailure")
    ON_FAILURE,
    @JsonProperty("OnInfrastructureFailure")
    ON_INFRASTRUCTURE_FAILURE
  }

  enum ResourceRetainPolicy {
    @JsonProperty("Always")
    ALWAYS,
    @JsonProperty("Never")
    NEVER,
    @JsonProperty("OnFailure")
    ON_FAILURE
  }
}
