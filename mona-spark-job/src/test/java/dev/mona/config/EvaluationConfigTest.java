package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EvaluationConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().evaluation())
        .isEqualTo(new EvaluationConfig(true, 1, false, 8, 256));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load(
                    "evaluation.retention=off",
                    "evaluation.retention-every=3",
                    "evaluation.refit=true",
                    "evaluation.outer-batches=2",
                    "evaluation.discrepancy-samples=0")
                .evaluation())
        .isEqualTo(new EvaluationConfig(false, 3, true, 2, 0));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "evaluation.retention=1",
        "evaluation.retention-every=0",
        "evaluation.refit=perhaps",
        "evaluation.outer-batches=0",
        "evaluation.discrepancy-samples=-1");
    assertThatThrownBy(() -> new EvaluationConfig(true, 1, false, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
