package dev.mona.html;

import dev.mona.analysis.PairedDifferences;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.html.Plot.Place;
import dev.mona.metric.MetricKind;
import dev.mona.report.Comparison;
import dev.mona.storage.RunDirectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The page of a comparison: which method has which error, and how sure the difference is; the
 * curves of all runs over each other.
 */
public final class ComparisonReport {
  private static final int WIDTH = 820;

  /** Beyond this many others only the best of them are in the first sentence. */
  private static final int MOST_OTHERS = 4;

  private final Comparison comparison;
  private final Function<String, History> histories;

  private ComparisonReport(Comparison comparison, Function<String, History> histories) {
    this.comparison = comparison;
    this.histories = histories;
  }

  /**
   * Writes {@code report/index.html} and its checksum beside the tables of a comparison.
   *
   * @param directory of the comparison
   * @param runs opens the directory of a run; the page closes it
   */
  public static void write(
      RunDirectory directory, Comparison comparison, Function<String, RunDirectory> runs) {
    Function<String, History> histories =
        location -> {
          try (RunDirectory run = runs.apply(location)) {
            return History.of(new RunFiles(run));
          }
        };
    RunReport.seal(directory, new ComparisonReport(comparison, histories).page());
  }

  private String page() {
    Page page = new Page(comparison.task() + ": comparison of methods");
    page.header("Comparison of methods", comparison.task());
    page.sentence(answer()).end();
    scores(page);
    knowledge(page);
    new ComparisonCurves(comparison, histories).write(page);
    runs(page);
    return page.finish();
  }

  /** What the first method comes to, and the others beside it. */
  private String answer() {
    List<String> methods = comparison.methods();
    String first = methods.get(0);
    StringBuilder text = new StringBuilder();
    text.append(first).append(": mean test ").append(name()).append(' ').append(mean(first));
    text.append(" over ").append(Figures.count(comparison.seeds().size(), "seed")).append(". ");
    List<String> others = methods.subList(1, methods.size());
    if (others.size() > MOST_OTHERS) {
      text.append("The best of ").append(others.size()).append(" others: ");
      others =
          others.stream()
              .sorted(Comparator.comparingDouble(m -> Comparison.mean(comparison.scores(m))))
              .limit(MOST_OTHERS)
              .toList();
    }
    for (String method : others) {
      text.append(method).append(": ").append(mean(method));
      comparison
          .difference(method)
          .ifPresent(
              d ->
                  text.append(", ")
                      .append(said(d))
                      .append(" than ")
                      .append(comparison.contender(method).baseline()));
      text.append(". ");
    }
    return text + "Lower is better.";
  }

  /** What a difference says: only an interval without zero says that there is one. */
  static String said(PairedDifferences difference) {
    Optional<PairedDifferences.Interval> interval = difference.interval();
    String by = Figures.number(Math.abs(difference.mean()));
    String direction = difference.mean() < 0 ? by + " lower" : by + " higher";
    if (interval.isEmpty()) {
      return direction + " (" + difference.pairs() + " seeds are too few to be sure)";
    }
    return direction
        + " (95 % interval "
        + interval(interval.get())
        + (interval.get().excludesZero() ? ")" : ": chance cannot be ruled out)");
  }

  private static String interval(PairedDifferences.Interval interval) {
    return Figures.number(interval.lower()) + " to " + Figures.number(interval.upper());
  }

  private Optional<MetricKind> metric() {
    return comparison.score() instanceof ScoreName.Test test
        ? Optional.of(test.metric())
        : Optional.empty();
  }

  private String name() {
    return metric().map(Answer::nameOf).orElse(comparison.score().id());
  }

  private String value(double error) {
    return Answer.value(metric(), error);
  }

  private String mean(String method) {
    double deviation = Comparison.deviation(comparison.scores(method));
    return value(Comparison.mean(comparison.scores(method)))
        + (Double.isFinite(deviation) ? " ± " + value(deviation) : "");
  }

  private void scores(Page page) {
    page.section("scores", "Test " + name());
    List<List<String>> rows = new ArrayList<>();
    for (String method : comparison.methods()) {
      Optional<PairedDifferences> difference = comparison.difference(method);
      rows.add(
          List.of(
              method,
              value(Comparison.mean(comparison.scores(method))),
              value(Comparison.deviation(comparison.scores(method))),
              difference.map(d -> Figures.number(d.mean())).orElse("-"),
              difference
                  .flatMap(PairedDifferences::interval)
                  .map(ComparisonReport::interval)
                  .orElse("-"),
              difference.map(d -> Figures.number(d.signFlip())).orElse("-"),
              difference.map(ComparisonReport::needed).orElse("-"),
              Figures.number(
                  Comparison.mean(comparison.scores(method, Measure.TRAINING_MINUTES)))));
    }
    page.table(
        List.of(
            "method",
            "mean",
            "sd",
            "difference",
            "95 % interval",
            "sign-flip p",
            "seeds needed",
            "minutes"),
        rows);
    page.note(comparison.legend().replace("\n", " "));
    page.wide();
    page.chart(
        "Every run",
        dots(),
        "A dot a run, a line between the runs of one seed, a ring at the mean of a method.");
    new FractionCurve(comparison).write(page, name());
    page.end().end();
  }

  private static String needed(PairedDifferences difference) {
    OptionalLong pairs = difference.pairsNeeded();
    return pairs.isPresent() ? String.valueOf(pairs.getAsLong()) : "-";
  }

  private Plot dots() {
    List<String> methods = comparison.methods();
    double[] all =
        methods.stream()
            .flatMapToDouble(method -> Arrays.stream(comparison.scores(method)))
            .filter(Double::isFinite)
            .toArray();
    Axis x =
        Axis.around(
            "test " + name(),
            Arrays.stream(all).min().orElse(0),
            Arrays.stream(all).max().orElse(1));
    List<String> reversed = new ArrayList<>(methods);
    Collections.reverse(reversed);
    Plot plot = new Plot(WIDTH, 90 + 44 * methods.size(), x, Axis.named("", reversed));
    for (int i = 0; i < comparison.seeds().size(); i++) {
      List<Place> places = new ArrayList<>();
      for (int m = 0; m < methods.size(); m++) {
        Place place = new Place(comparison.scores(methods.get(m))[i], methods.size() - 1.0 - m);
        if (place.isFinite()) {
          places.add(place);
        }
      }
      plot.curve(places, Plot.MUTED, 1, 0.5);
      places.forEach(place -> plot.dot(place, Plot.series(0), 4, 1));
    }
    for (int m = 0; m < methods.size(); m++) {
      double mean = Comparison.mean(comparison.scores(methods.get(m)));
      if (Double.isFinite(mean)) {
        plot.ring(new Place(mean, methods.size() - 1.0 - m), Plot.series(1), 9);
      }
    }
    return plot;
  }

  private void knowledge(Page page) {
    List<List<String>> rows = new ArrayList<>();
    for (String method : comparison.methods()) {
      rows.add(
          List.of(
              method,
              change(method, Measure.PROBE_ERROR_PRETRAINED, Measure.PROBE_ERROR),
              change(method, Measure.PROBE_ERROR_PRETRAINED, Measure.PROBE_ERROR_REFITTED),
              change(method, Measure.DAVIES_BOULDIN_PRETRAINED, Measure.DAVIES_BOULDIN),
              change(method, Measure.OUTER_LOSS_PRETRAINED, Measure.OUTER_LOSS),
              change(method, Measure.DISCREPANCY_INITIAL, Measure.DISCREPANCY)));
    }
    page.section("knowledge", "Source knowledge");
    page.sentence(
        "Means over seeds, before → after. Source probe: fitted on the pretrained encoder, and not"
            + " refitted unless it says so.");
    page.table(
            List.of(
                "method",
                "source probe error",
                "refitted",
                "Davies-Bouldin",
                "outer loss",
                "discrepancy"),
            rows)
        .end();
  }

  private String change(String method, Measure before, Measure after) {
    return Figures.number(Comparison.mean(comparison.scores(method, before)))
        + " → "
        + Figures.number(Comparison.mean(comparison.scores(method, after)));
  }

  private void runs(Page page) {
    page.section("runs", "Runs");
    List<String> header = new ArrayList<>(Comparison.CELLS);
    header.set(0, "run");
    header.remove(1);
    header.add("directory");
    List<List<String>> rows = new ArrayList<>();
    for (Comparison.Contender each : comparison.contenders()) {
      for (int i = 0; i < each.runs().size(); i++) {
        List<String> row = new ArrayList<>(comparison.cell(each, i));
        row.set(0, each.name() + ", seed " + row.remove(1));
        row.set(1, value(comparison.scores(each.name())[i]));
        row.add(each.runs().get(i).directory());
        rows.add(row);
      }
    }
    page.table(header, rows);
    page.note("Each has a page of its own: report/index.html.");
    page.details("What each changes of the configuration");
    page.facts(
            comparison.contenders().stream()
                .map(each -> new Page.Fact(each.name(), String.join(", ", each.settings())))
                .toList())
        .end();
    page.end();
  }
}
