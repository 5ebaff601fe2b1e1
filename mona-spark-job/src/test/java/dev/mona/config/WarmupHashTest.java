package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two runs may differ in and still begin with the same warm-up. */
class WarmupHashTest {
  private static final Optional<String> MONA = ConfigFixture.load().warmupHash();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=warmup-finetune",
        "alignment.epochs=0",
        "alignment.estimator=finite-difference",
        "alignment.optimizer.learning-rate=1",
        "finetuning.epochs=1",
        "finetuning.scope=layernorm",
        "stopping.patience=2",
        "run.output=elsewhere",
        "run.id=a",
        "evaluation.refit=true"
      })
  void whatComesLaterDoesNotCount(String setting) {
    assertThat(MONA).isPresent();
    assertThat(ConfigFixture.load(setting).warmupHash()).isEqualTo(MONA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run.seed=9",
        "warmup.epochs=4",
        "warmup.optimizer.learning-rate=1",
        "embedder.init=random",
        "source.per-class=100",
        "task.train-fraction=0.5",
        "averaging.frequency=3",
        "evaluation.retention=false"
      })
  void whatTheWarmupIsMadeOfCounts(String setting) {
    assertThat(ConfigFixture.load(setting).warmupHash()).isPresent().isNotEqualTo(MONA);
  }

  /** The forgetting gap of warm-up epochs is measured with these; without it they come later. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "method=mona-shuffled",
        "alignment.alpha=0.1",
        "alignment.outer.loss=supcon",
        "alignment.source-batch.classes=8",
        "alignment.batch-size=16"
      })
  void whatIsMeasuredWithCountsWhereItIsMeasured(String setting) {
    assertThat(ConfigFixture.load(setting).warmupHash()).isPresent().isNotEqualTo(MONA);
    String unmeasured = "evaluation.retention=false";
    assertThat(ConfigFixture.load(setting, unmeasured).warmupHash())
        .isEqualTo(ConfigFixture.load(unmeasured).warmupHash());
  }

  @Test
  void aMethodWithoutAWarmupHasNone() {
    for (String method : new String[] {"finetune", "orca", "layernorm", "scratch"}) {
      assertThat(ConfigFixture.load("method=" + method).warmupHash()).as(method).isEmpty();
    }
    assertThat(ConfigFixture.load("warmup.epochs=0").warmupHash()).isEmpty();
  }
}
