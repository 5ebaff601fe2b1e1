package dev.mona.report;

import dev.mona.analysis.PairedDifferences;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Methods, or other ways of training, that were run on one task with the same seeds. Scores are
 * errors, lower is better.
 *
 * @param task name of the task
 * @param score what is compared, as in {@code test_error_rate}
 * @param seeds seeds of the runs of each, in order
 * @param contenders what was run; the first is what others are compared with, unless they say
 *     otherwise
 * @param rule by which some of them were ended before the last seed
 */
public record Comparison(
    String task, ScoreName score, List<Long> seeds, List<Contender> contenders, EarlyStop rule) {
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

  /** The columns of a run's row. */
  public static final List<String> CELLS =
      List.of(
          "method",
          "seed",
          "test error",
          "probe error",
          "refitted",
          "Davies-Bouldin",
          "L_outer",
          "discrepancy",
          "minutes");

  private static final List<Measure> MEASURES =
      List.of(
          Measure.PROBE_ERROR,
          Measure.PROBE_ERROR_REFITTED,
          Measure.DAVIES_BOULDIN,
          Measure.OUTER_LOSS,
          Measure.DISCREPANCY,
          Measure.TRAINING_MINUTES);

  private static final double UNKNOWN = Double.NaN;

  public Comparison {
    seeds = List.copyOf(seeds);
    contenders = List.copyOf(contenders);
    int n = seeds.size();
    for (Contender each : contenders) {
      boolean held = contenders.stream().anyMatch(other -> other.baseline().equals(each.name()));
      int least = held || rule == EarlyStop.NONE ? n : 1;
      if (each.runs().size() < least || each.runs().size() > n) {
        throw new IllegalArgumentException("every method needs a run for each of " + seeds);
      }
    }
    if (contenders.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to compare");
    }
  }

  /** A comparison in which all run with every seed. */
  public Comparison(String task, ScoreName score, List<Long> seeds, List<Contender> contenders) {
    this(task, score, seeds, contenders, EarlyStop.NONE);
  }

  /**
   * A way of training.
   *
   * @param name of it, a method or an arm
   * @param settings what it changes, {@code key=value} each
   * @param baseline name of what it is compared with; its own where that is it
   * @param runs one a seed, up to the one after which the rule ended it
   */
  public record Contender(String name, List<String> settings, String baseline, List<Run> runs) {
    public Contender {
      settings = List.copyOf(settings);
      runs = List.copyOf(runs);
    }
  }

  /**
   * One run.
   *
   * @param directory where it is
   * @param scores its final scores; without that of the test split when it diverged
   */
  public record Run(String directory, Scores scores) {}

  /** The names of what was run. */
  public List<String> methods() {
    return contenders.stream().map(Contender::name).toList();
  }

  /** What is known of a method. */
  public Contender contender(String method) {
    return contenders.stream()
        .filter(each -> each.name().equals(method))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(method + " is none of " + methods()));
  }

  /** Those that are compared with another one. */
  public List<String> compared() {
    return contenders.stream()
        .filter(each -> !each.baseline().equals(each.name()))
        .map(Contender::name)
        .toList();
  }

  /**
   * Whether the rule ends a method: it does not run with any further seed. What another one is held
   * against is never ended.
   */
  public boolean ends(String method) {
    boolean held =
        contenders.stream()
            .anyMatch(other -> other.baseline().equals(method) && !other.name().equals(method));
    return !held && difference(method).filter(rule::ends).isPresent();
  }

  /** Whether a method has not run with all seeds. */
  public boolean endedEarly(String method) {
    return contender(method).runs().size() < seeds.size();
  }

  /** Test scores of a method, one a seed; NaN for a run that diverged or that there is not. */
  public double[] scores(String method) {
    return scores(method, score);
  }

  /** Scores of any name. */
  public double[] scores(String method, ScoreName name) {
    double[] scores = new double[seeds.size()];
    Arrays.fill(scores, UNKNOWN);
    List<Run> runs = contender(method).runs();
    for (int i = 0; i < runs.size(); i++) {
      scores[i] = runs.get(i).scores().of(name);
    }
    return scores;
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
   * Difference of a method to what it is compared with, over the seeds that both have a score for,
   * negative when the method is better; nothing for a baseline and for fewer than two seeds.
   */
  public Optional<PairedDifferences> difference(String method) {
    String baseline = contender(method).baseline();
    double[] a = scores(method);
    double[] b = scores(baseline);
    int[] known = new int[a.length];
    int n = 0;
    for (int i = 0; i < a.length; i++) {
      if (Double.isFinite(a[i]) && Double.isFinite(b[i])) {
        known[n++] = i;
      }
    }
    if (method.equals(baseline) || n < 2) {
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

  /** A row a run. */
  public String cells() {
    TextTable table = new TextTable(CELLS.toArray(String[]::new));
    for (Contender each : contenders) {
      for (int i = 0; i < each.runs().size(); i++) {
        table.row(cell(each, i).toArray(String[]::new));
      }
    }
    return table.render();
  }

  /** The row of a run: what {@link #CELLS} names. */
  public List<String> cell(Contender of, int i) {
    Scores scores = of.runs().get(i).scores();
    List<String> row = new ArrayList<>(List.of(of.name(), String.valueOf(seeds.get(i))));
    row.add(TextTable.number(scores.of(score)));
    for (Measure measure : MEASURES) {
      row.add(TextTable.number(scores.of(measure)));
    }
    return row;
  }

  /** All that is printed: a row a method, what the columns are, a row a run. */
  public String text() {
    return summary() + (seeds.size() == 1 ? "" : "\n" + cells());
  }

  /** The same without the rows of runs. */
  public String summary() {
    return seeds.size() == 1 ? ofOneSeed() : table() + legend();
  }

  /** A row a run, without what takes several seeds. */
  private String ofOneSeed() {
    TextTable table =
        new TextTable(
            "method", score.id(), "source probe error", "L_outer", "discrepancy", "minutes");
    for (String method : methods()) {
      table.row(
          method,
          TextTable.number(mean(scores(method))),
          change(method, Measure.PROBE_ERROR_PRETRAINED, Measure.PROBE_ERROR),
          change(method, Measure.OUTER_LOSS_PRETRAINED, Measure.OUTER_LOSS),
          change(method, Measure.DISCREPANCY_INITIAL, Measure.DISCREPANCY),
          TextTable.number(mean(scores(method, Measure.TRAINING_MINUTES))));
    }
    return table.render()
        + "Lower is better everywhere. Source probe (not refitted) and L_outer: pretrained -> finetuned encoder.\n"
        + "Discrepancy of source and target: new -> trained embedder. Seed "
        + seeds.get(0)
        + " alone is no evidence for a difference.\n"
        + ownLosses();
  }

  static String text(PairedDifferences.Interval interval) {
    return TextTable.number(interval.lower()) + " .. " + TextTable.number(interval.upper());
  }

  private static String needed(PairedDifferences difference) {
    OptionalLong pairs = difference.pairsNeeded();
    return pairs.isPresent() ? Long.toString(pairs.getAsLong()) : "-";
  }

  /** What the columns are, and a sentence on each difference. */
  public String legend() {
    StringBuilder text =
        new StringBuilder(
            "Errors, lower is better; mean and deviation over seeds %s. Differences to %s over pairs of equal seeds.\n"
                .formatted(seeds, comparedWith()));
    text.append("95 % interval: ").append(INTERVAL).append(".\n");
    text.append("Sign-flip p: ").append(TEST).append(".\n");
    text.append("Seeds needed: ").append(NEEDED).append(".\n");
    text.append(ownLosses());
    if (methods().stream().anyMatch(this::endedEarly)) {
      text.append(
          "Means of methods that ended early are over fewer seeds: their differences are paired, their means are not to be compared.\n");
    }
    for (String method : compared()) {
      difference(method)
          .ifPresent(d -> text.append(method).append(": ").append(verdict(method, d)).append('\n'));
    }
    return text.toString();
  }

  /** What the seeds so far say of a method, and how many more it would take. */
  private String verdict(String method, PairedDifferences difference) {
    String baseline = contender(method).baseline();
    String direction = difference.mean() < 0 ? "lower" : "higher";
    String by = TextTable.number(Math.abs(difference.mean()));
    if (endedEarly(method)) {
      return String.format(
          Locale.ROOT,
          "%s %s than %s; ended after %d seeds, %s.",
          by,
          direction,
          baseline,
          difference.pairs(),
          rule.reason());
    }
    if (difference.mean() == 0) {
      return "no difference to %s so far.".formatted(baseline);
    }
    Optional<PairedDifferences.Interval> interval = difference.interval();
    if (interval.isPresent() && interval.get().excludesZero()) {
      return String.format(
          Locale.ROOT, "%s %s than %s, the interval excludes 0.", by, direction, baseline);
    }
    return String.format(
        Locale.ROOT,
        "%s %s than %s so far; %s; %s would show such a difference.",
        by,
        direction,
        baseline,
        interval.isPresent()
            ? "the interval holds 0, so that chance cannot be ruled out"
            : difference.pairs() + " seeds are too few for an interval",
        more(difference));
  }

  private static String more(PairedDifferences difference) {
    OptionalLong needed = difference.pairsNeeded();
    if (needed.isEmpty()) {
      return "more than a million seeds";
    }
    long more = Math.max(1, needed.getAsLong() - difference.pairs());
    return more + (more == 1 ? " more seed" : " more seeds");
  }

  /** A warning where not all are measured alike. */
  private String ownLosses() {
    boolean differ =
        contenders.stream()
            .flatMap(each -> each.settings().stream())
            .anyMatch(
                setting ->
                    setting.startsWith("alignment.outer.")
                        || setting.equals("method=mona-shuffled"));
    return differ
        ? "L_outer of a method with another outer loss, or with other labels, is that loss: it cannot be held against others.\n"
        : "";
  }

  private String comparedWith() {
    List<String> baselines = contenders.stream().map(Contender::baseline).distinct().toList();
    return baselines.size() == 1
        ? baselines.get(0)
        : String.join(", ", baselines) + ", each for its own part of the samples or values,";
  }

  /** Mean before finetuning and after it. */
  private String change(String method, ScoreName before, ScoreName after) {
    return TextTable.number(mean(scores(method, before)))
        + " -> "
        + TextTable.number(mean(scores(method, after)));
  }
}
