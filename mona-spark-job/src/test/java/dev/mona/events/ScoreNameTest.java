package dev.mona.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.metric.MetricKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreNameTest {
  private static final ScoreName TEST = new ScoreName.Test(MetricKind.RELATIVE_L2);

  @Test
  void namesAreThoseOfTheFiles() {
    assertThat(TEST.id()).isEqualTo("test_relative_l2");
    assertThat(ScoreName.Measure.PROBE_ERROR_PRETRAINED.id()).isEqualTo("probe_error_pretrained");
    assertThat(ScoreName.Measure.DISCREPANCY.id()).isEqualTo("discrepancy");
  }

  @ParameterizedTest
  @EnumSource
  void measuresAreReadAsTheyAreWritten(ScoreName.Measure measure) {
    assertThat(ScoreName.of(measure.id())).contains(measure);
  }

  @ParameterizedTest
  @EnumSource
  void testScoresAreReadAsTheyAreWritten(MetricKind metric) {
    ScoreName name = new ScoreName.Test(metric);
    assertThat(ScoreName.of(name.id())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "test_",
        "test_error-rate",
        "error_rate",
        "seed",
        "epochs",
        "validation_error"
      })
  void nothingElseIsAScore(String id) {
    assertThat(ScoreName.of(id)).isEmpty();
  }

  @Test
  void scoresKeepTheirOrderAndAreNaNWhereThereIsNone() {
    Map<ScoreName, Double> values = new LinkedHashMap<>();
    values.put(ScoreName.Measure.TRAINING_MINUTES, 2.0);
    values.put(TEST, 0.5);
    values.put(ScoreName.Measure.OUTER_LOSS, 1.5);
    Scores scores = new Scores(values);
    values.clear();
    assertThat(scores.byId().keySet())
        .containsExactly("training_minutes", "test_relative_l2", "outer_loss");
    assertThat(scores.test()).isEqualTo(0.5);
    assertThat(scores.of(ScoreName.Measure.OUTER_LOSS)).isEqualTo(1.5);
    assertThat(scores.of(ScoreName.Measure.PROBE_ERROR)).isNaN();
    assertThat(scores.withoutTest().byId()).containsOnlyKeys("training_minutes", "outer_loss");
    assertThat(scores.withoutTest().test()).isNaN();
  }
}
