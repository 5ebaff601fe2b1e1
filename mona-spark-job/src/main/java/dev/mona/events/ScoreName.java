package dev.mona.events;

import dev.mona.metric.MetricKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Name of a final score of a run. Lower is better everywhere. */
public sealed interface ScoreName permits ScoreName.Test, ScoreName.Measure {

  /** The name in files and on the console: {@code test_error_rate}, {@code probe_error}. */
  String id();

  /** The score of a name; empty for a name that is none. */
  static Optional<ScoreName> of(String id) {
    return Stream.concat(
            Arrays.stream(MetricKind.values()).map(Test::new), Arrays.stream(Measure.values()))
        .filter(name -> name.id().equals(id))
        .map(ScoreName.class::cast)
        .findFirst();
  }

  /**
   * Of the test split.
   *
   * @param metric what the run was scored by
   */
  record Test(MetricKind metric) implements ScoreName {
    @Override
    public String id() {
      return "test_" + metric.id().replace('-', '_');
    }
  }

  /** Of the source's knowledge and of the run itself; docs/method.md says what each is. */
  enum Measure implements ScoreName {
    PROBE_ERROR_PRETRAINED,
    PROBE_ERROR,
    PROBE_ERROR_REFITTED,
    OUTER_LOSS_PRETRAINED,
    OUTER_LOSS,
    DAVIES_BOULDIN_PRETRAINED,
    DAVIES_BOULDIN,
    DISCREPANCY_INITIAL,
    DISCREPANCY_ALIGNED,
    DISCREPANCY,
    TRAINING_MINUTES;

    @Override
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
