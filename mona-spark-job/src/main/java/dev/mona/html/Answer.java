package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.metric.MetricKind;
import java.util.Locale;
import java.util.Optional;

/**
 * The error on the test split, how sure it is, and what it is held against.
 *
 * @param metric what was scored by; empty for a run without a score
 * @param error its score; NaN without one
 * @param spread how sure it is, in words
 * @param against what it is held against, in words; empty where there is nothing
 */
record Answer(Optional<MetricKind> metric, double error, String spread, String against) {
  /** Quantile of the normal law of an interval of 95 %. */
  static final double NORMAL = 1.959963984540054;

  private static final String ONE_RUN =
      "one run: how far other seeds are from it, mona compare shows";

  /**
   * Of a run.
   *
   * @param predictions {@code metrics/predictions.json}; may be missing
   * @param samples of the test split; 0 where it is not known
   */
  static Answer of(Scores scores, JsonNode predictions, long samples) {
    Optional<MetricKind> metric =
        scores.values().keySet().stream()
            .filter(ScoreName.Test.class::isInstance)
            .map(name -> ((ScoreName.Test) name).metric())
            .findFirst();
    double error = scores.test();
    boolean classes = predictions.path("classes").size() > 0;
    Decided decided = Decided.of(predictions, MissingNode.getInstance());
    String spread = ONE_RUN;
    String against = "";
    if (metric.equals(Optional.of(MetricKind.ERROR_RATE)) && !predictions.has("labels")) {
      long n = classes ? decided.all() : samples;
      if (n > 0 && Double.isFinite(error)) {
        double[] interval = wilson(error, n);
        spread =
            "95 % interval "
                + Figures.percent(interval[0])
                + " to "
                + Figures.percent(interval[1])
                + " for "
                + Figures.count(n, "test sample");
      }
      if (classes) {
        against = Figures.percent(decided.constantError()) + " for always the most frequent class";
      }
    } else if (isRelative(metric)) {
      against = "1 for a field of zeros";
      spread = spreadOfErrors(predictions.path("errors"));
    }
    return new Answer(metric, error, spread, against);
  }

  private static boolean isRelative(Optional<MetricKind> metric) {
    return metric.equals(Optional.of(MetricKind.RELATIVE_L2))
        || metric.equals(Optional.of(MetricKind.NRMSE));
  }

  /** Wilson's interval of a part that was seen in {@code n} samples (JASA 1927). */
  static double[] wilson(double part, long n) {
    double z = NORMAL * NORMAL / n;
    double middle = (part + z / 2) / (1 + z);
    double half = NORMAL * Math.sqrt(part * (1 - part) / n + z / (4 * n)) / (1 + z);
    return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
  }

  private static String spreadOfErrors(JsonNode errors) {
    int n = errors.size();
    if (n < 2) {
      return ONE_RUN;
    }
    double mean = 0;
    for (JsonNode error : errors) {
      mean += error.asDouble(Double.NaN) / n;
    }
    double squares = 0;
    for (JsonNode error : errors) {
      squares += (error.asDouble(Double.NaN) - mean) * (error.asDouble(Double.NaN) - mean);
    }
    return "standard deviation over samples "
        + Figures.number(Math.sqrt(squares / (n - 1)))
        + " (of "
        + n
        + ")";
  }

  /** The score as a reader expects it. */
  String value() {
    return value(metric, error);
  }

  static String value(Optional<MetricKind> metric, double error) {
    return metric.equals(Optional.of(MetricKind.ERROR_RATE))
        ? Figures.percent(error)
        : Figures.number(error);
  }

  /** What the score is: {@code error rate}, {@code 1 - macro-f1}. */
  String name() {
    return metric.map(Answer::nameOf).orElse("score");
  }

  static String nameOf(MetricKind metric) {
    return switch (metric) {
      case ERROR_RATE -> "error rate";
      case RELATIVE_L2 -> "relative L2 error";
      case NRMSE -> "normalised RMSE";
      case CONTACT_MAE -> "mean absolute error of contacts";
      case MACRO_F1, AUROC, MAP -> "1 - " + metric.id().toLowerCase(Locale.ROOT);
    };
  }
}
