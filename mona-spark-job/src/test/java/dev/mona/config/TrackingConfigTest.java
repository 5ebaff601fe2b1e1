package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrackingConfigTest {
  @Test
  void nobodyIsToldByDefault() {
    assertThat(ConfigFixture.load().tracking()).isEqualTo(new TrackingConfig(false, ""));
  }

  @Test
  void fullMappingThatChangesNoResult() {
    MonaConfig config =
        ConfigFixture.load("tracking.tensorboard=true", "tracking.mlflow=https://mlflow:5000/a");
    assertThat(config.tracking()).isEqualTo(new TrackingConfig(true, "https://mlflow:5000/a"));
    assertThat(config.hash()).isEqualTo(ConfigFixture.load().hash());
    assertThat(config.decisive())
        .containsEntry("run.seed", "1")
        .doesNotContainKeys("tracking.mlflow", "run.id", "run.output");
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "tracking.tensorboard=maybe",
        "tracking.mlflow=mlflow:5000",
        "tracking.mlflow=file:///mlruns",
        "tracking.mlflow=http://",
        "tracking.mlflow=http://a b");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("tracking.mlflow=http://me:key@a")))
        .contains("tracking.mlflow is an address with a login")
        .doesNotContain("key@");
    for (String address : new String[] {"http://a/?token=key", "http://me:k/ey@a"}) {
      assertThat(ConfigFixture.refusal(ConfigFixture.layers("tracking.mlflow=" + address)))
          .contains("tracking.mlflow is an address with a login or a query")
          .doesNotContain("key", "ey@");
    }
  }
}
