package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricKindTest {
  static Stream<Arguments> fitting() {
    return Stream.of(
        Arguments.of(
            Predictions.task(TaskKind.CLASSIFICATION, 3),
            List.of("error-rate", "macro-f1", "auroc", "map")),
        Arguments.of(
            Predictions.task(TaskKind.MULTI_LABEL, 2),
            List.of("error-rate", "macro-f1", "auroc", "map")),
        Arguments.of(Predictions.field(4, Loss.RELATIVE_L2, 0), List.of("relative-l2", "nrmse")),
        Arguments.of(Predictions.field(4, Loss.MEAN_SQUARED, 0), List.of("relative-l2", "nrmse")),
        Arguments.of(Predictions.field(4, Loss.BINARY_CROSS_ENTROPY, 0), List.of("auroc")),
        Arguments.of(Predictions.field(4, Loss.MEAN_SQUARED, 10), List.of("contact-mae")));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void aTaskHasTheMetricsThatFit(TaskSpec task, List<String> fitting) {
    assertThat(MetricKind.fitting(task)).extracting(MetricKind::id).isEqualTo(fitting);
    for (MetricKind kind : MetricKind.values()) {
      if (fitting.contains(kind.id())) {
        assertThat(kind.of(task).id()).isEqualTo(kind.id());
      } else {
        assertThatThrownBy(() -> kind.of(task))
            .isInstanceOf(MonaException.class)
            .extracting(e -> ((MonaException) e).category())
            .isEqualTo(MonaException.Category.CONFIGURATION);
      }
    }
  }

  @Test
  void aRefusalNamesWhatFits() {
    TaskSpec field = Predictions.field(4, Loss.RELATIVE_L2, 0);
    assertThatThrownBy(() -> MetricKind.ERROR_RATE.of(field))
        .hasMessage(
            "metric error-rate does not fit task test, which is DENSE with the loss RELATIVE_L2:"
                + " choose one of [relative-l2, nrmse]");
  }
}
