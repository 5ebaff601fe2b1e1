package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void findsEveryMetricByItsId() {
    assertThat(Metrics.ids())
        .containsExactly("error-rate", "macro-f1", "auroc", "map")
        .allSatisfy(
            id ->
                assertThat(Metrics.of(id, Predictions.task(TaskKind.MULTI_LABEL, 2)).id())
                    .isEqualTo(id));
  }

  @Test
  void namesTheKnownOnesWhenAsked() {
    assertThatThrownBy(() -> Metrics.of("acuracy", Predictions.task(TaskKind.CLASSIFICATION, 2)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("acuracy")
        .hasMessageContaining("error-rate");
  }
}
