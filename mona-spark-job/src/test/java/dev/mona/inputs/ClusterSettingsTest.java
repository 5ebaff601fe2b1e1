package dev.mona.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsTest {
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  private static SparkConf conf(String master) {
    return new SparkConf(false).setMaster(master);
  }

  private static MonaConfig partitions(int count) {
    return ConfigLayers.start()
        .set("task.name=t")
        .set("task.data=d")
        .set("run.partitions=" + count)
        .load();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yarn", "k8s://https://host:443", "spark://host:7077", "local-cluster[2,1,1024]"})
  void executorsThatFollowTheLoadNeedAFixedNumberOfPartitions(String master) {
    ClusterSettings settings = ClusterSettings.of(conf(master).set(DYNAMIC, "true"));
    assertThatThrownBy(() -> settings.require(partitions(0)))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.CONFIGURATION))
        .hasMessageContaining("spark.dynamicAllocation.enabled is true and run.partitions is 0")
        .hasMessageEndingWith(": set run.partitions");
    assertThatCode(() -> settings.require(partitions(8))).doesNotThrowAnyException();
  }

  @Test
  void withoutThemTheDefaultIsTaken() {
    assertThatCode(() -> ClusterSettings.of(conf("yarn")).require(partitions(0)))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> ClusterSettings.of(conf("yarn").set(DYNAMIC, "false")).require(partitions(0)))
        .doesNotThrowAnyException();
  }

  /** A setting of the whole installation does not concern a run in one JVM. */
  @ParameterizedTest
  @ValueSource(strings = {"local", "local[2]", "local[*]"})
  void oneJvmHasNoExecutorsToFollowTheLoad(String master) {
    assertThat(ClusterSettings.of(conf(master).set(DYNAMIC, "true")).dynamicAllocation()).isFalse();
  }
}
