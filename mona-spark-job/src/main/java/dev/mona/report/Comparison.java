package dev.mona.report;

import dev.mona.analysis.PairedDifferences;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Methods that were run on one task with the same seeds. Scores are errors, lower is better.
 *
 * @param task name of the task
 * @param score what is compared, as in {@code test_error_rate}
 * @param seeds seeds of the runs of each method, in order
 * @param runs the runs of each method, one a seed; the first method is what others are compared
 *     with
 */
public record Comparison(
    String task, ScoreName score, List<Long> seeds, Map<String, List<Run>> runs) {
  /** What the interval is. */
  static final String INTERVAL =
      "Student's t of the paired differences, none for fewer than "
          + PairedDifferences.FEWEST_FOR_AN_INTERVAL
          + " pairs";

  /** What the probability is. */
  static final String TEST = "exact sign-flip test of the paired differences, two-sided";

  /** What the number of seeds is. */
  static final String NEEDED =
      "a paired t-test, 5 % two-sided, shows such a difference with probability "
          + PairedDifferences.POWER;

  private static final double UNKNOWN = Double.NaN;

  public Comparison {
    seeds = List.copyOf(seeds);
    int n = seeds.size();
    Map<String, List<Run>> copy = new LinkedHashMap<>();
    runs.forEach((method, list) -> copy.put(method, List.copyOf(list)));
    if (copy.isEmpty() || copy.values().stream().anyMatch(list -> list.size() != n)) {
      throw new IllegalArgumentException("every method needs a run for each of " + seeds);
    }
    runs = Collections.unmodifiableMap(copy);
  }

  /**
   * One run.
   *
   * @param directory where it is
   * @param scores its final scores; without that of the test split when it diverged
   */
  public record Run(String directory, Scores scores) {}

  /** The methods; the first is the one that others are compared with. */
  public List<String> methods() {
    return List.copyOf(runs.keySet());
  }

  /** The run of a method with the i-th seed. */
  public Run run(String method, int i) {
    return runs(method).get(i);
  }

  private List<Run> runs(String method) {
    List<Run> list = runs.get(method);
    if (list == null) {
      throw new IllegalArgumentException(method + " is none of " + methods());
    }
    return list;
  }

  /** Test scores of a method, one a seed; NaN for a run that diverged. */
  public double[] scores(String method) {
    return scores(method, score);
  }

  /** Scores of any name. */
  public double[] scores(String method, ScoreName name) {
    return runs(method).stream().mapToDouble(r -> r.scores().of(name)).toArray();
  }

  /** Mean of the values that are known; NaN when none is. */
  public static double mean(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).average().orElse(UNKNOWN);
  }

  /** Standard deviation of the known values, over n - 1; NaN of fewer than two. */
  public static double deviation(double[] values) {
    double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
    double mean = mean(known);
    double squares = Arrays.stream(known).map(v -> (v - mean) * (v - mean)).sum();
    return known.length < 2 ? UNKNOWN : Math.sqrt(squares / (known.length - 1));
  }

  /**
   * Difference of a method to the first one over the seeds that both have a score for, negative
   * when the method is better; nothing for the first one and for fewer than two seeds.
   */
  public Optional<PairedDifferences> difference(String method) {
    String first = methods().get(0);
    double[] a = scores(method);
    double[] b = scores(first);
    int[] known = new int[a.length];
    int n = 0;
    for (int i = 0; i < a.length; i++) {
      if (Double.isFinite(a[i]) && Double.isFinite(b[i])) {
        known[n++] = i;
      }
    }
    if (method.equals(first) || n < 2) {
      return Optional.empty();
    }
    int[] both = Arrays.copyOf(known, n);
    return Optional.of(
        PairedDifferences.of(
            Arrays.stream(both).mapToDouble(i -> a[i]).toArray(),
            Arrays.stream(both).mapToDouble(i -> b[i]).toArray()));
  }

  /** The table, one row a method. */
  public String table() {
    TextTable table =
        new TextTable(
            "method",
            score.id(),
            "sd",
            "difference",
            "95 % interval",
            "sign-flip p",
            "seeds needed",
            "source probe error",
            "L_outer",
            "discrepancy",
            "minutes");
    for (String method : methods()) {
      Optional<PairedDifferences> difference = difference(method);
      table.row(
          method,
          TextTable.number(mean(scores(method))),
          TextTable.number(deviation(scores(method))),
          difference.map(d -> TextTable.number(d.mean())).orElse("-"),
          difference.flatMap(PairedDifferences::interval).map(Comparison::text).orElse("-"),
          difference.map(d -> TextTable.number(d.signFlip())).orElse("-"),
          difference.map(Comparison::needed).orElse("-"),
          change(method, Measure.PROBE_ERROR_PRETRAINED, Measure.PROBE_ERROR),
          change(method, Measure.OUTER_LOSS_PRETRAINED, Measure.OUTER_LOSS),
          change(method, Measure.DISCREPANCY_INITIAL, Measure.DISCREPANCY),
          TextTable.number(mean(scores(method, Measure.TRAINING_MINUTES))));
    }
    return table.render();
  }

  static String text(PairedDifferences.Interval interval) {
    return TextTable.number(interval.lower()) + " .. " + TextTable.number(interval.upper());
  }

  private static String needed(PairedDifferences difference) {
    OptionalLong pairs = difference.pairsNeeded();
    return pairs.isPresent() ? Long.toString(pairs.getAsLong()) : "-";
  }

  /** What the columns are, and of which methods there are too few seeds to say anything. */
  public String legend() {
    StringBuilder text =
        new StringBuilder(
            "Errors, lower is better; mean and deviation over seeds %s. Differences to %s over pairs of equal seeds.\n"
                .formatted(seeds, methods().get(0)));
    text.append("95 % interval: ").append(INTERVAL).append(".\n");
    text.append("Sign-flip p: ").append(TEST).append(".\n");
    text.append("Seeds needed: ").append(NEEDED).append(".\n");
    for (String method : methods()) {
      difference(method)
          .filter(d -> d.interval().isEmpty())
          .ifPresent(d -> text.append(tooFew(method, d)));
    }
    return text.toString();
  }

  private static String tooFew(String method, PairedDifferences difference) {
    OptionalLong pairs = difference.pairsNeeded();
    return String.format(
        Locale.ROOT,
        "%s: %d seeds are too few for an interval; a difference of %s with this spread needs %s.\n",
        method,
        difference.pairs(),
        TextTable.number(difference.mean()),
        pairs.isPresent() ? pairs.getAsLong() + " seeds" : "more than a million seeds");
  }

  /** Mean before finetuning and after it. */
  private String change(String method, ScoreName before, ScoreName after) {
    return TextTable.number(mean(scores(method, before)))
        + " -> "
        + TextTable.number(mean(scores(method, after)));
  }
}
