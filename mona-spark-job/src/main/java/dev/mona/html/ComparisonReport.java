package dev.mona.html;

import dev.mona.analysis.PairedDifferences;
import dev.mona.events.EpochEnded;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.html.Plot.Place;
import dev.mona.metric.MetricKind;
import dev.mona.report.Comparison;
import dev.mona.storage.RunDirectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The page of a comparison: which method has which error, and how sure the difference is; the
 * curves of all runs over each other.
 */
public final class ComparisonReport {
  private static final int WIDTH = 820;

  /** Measures of epochs, in the order in which they are shown. */
  private static final Map<Measure, String> TITLES = new EnumMap<>(Measure.class);

  static {
    TITLES.put(Measure.PROBE_ERROR, "Source probe error");
    TITLES.put(Measure.OUTER_LOSS, "Outer loss of the source");
    TITLES.put(Measure.DAVIES_BOULDIN, "Davies-Bouldin index of the source");
    TITLES.put(Measure.DISCREPANCY, "Discrepancy");
  }

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
    curves(page);
    runs(page);
    return page.finish();
  }

  /** What the first method comes to, and the best of the others beside it. */
  private String answer() {
    List<String> methods = comparison.methods();
    String first = methods.get(0);
    StringBuilder text = new StringBuilder();
    text.append(first).append(": mean test ").append(name()).append(' ').append(mean(first));
    text.append(" over ").append(Figures.count(comparison.seeds().size(), "seed")).append(". ");
    for (String method : methods.subList(1, methods.size())) {
      text.append(method).append(": ").append(mean(method));
      comparison.difference(method).ifPresent(d -> text.append(", ").append(said(d)));
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
    boolean sure = interval.get().lower() > 0 || interval.get().upper() < 0;
    return direction
        + " (95 % interval "
        + interval(interval.get())
        + (sure ? ")" : ": chance cannot be ruled out)");
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
              change(method, Measure.OUTER_LOSS_PRETRAINED, Measure.OUTER_LOSS),
              change(method, Measure.DISCREPANCY_INITIAL, Measure.DISCREPANCY)));
    }
    page.section("knowledge", "Source knowledge");
    page.sentence(
        "Means over seeds, before → after. Source probe: fitted on the pretrained encoder, not"
            + " refitted.");
    page.table(List.of("method", "source probe error", "outer loss", "discrepancy"), rows).end();
  }

  private String change(String method, Measure before, Measure after) {
    return Figures.number(Comparison.mean(comparison.scores(method, before)))
        + " → "
        + Figures.number(Comparison.mean(comparison.scores(method, after)));
  }

  private void curves(Page page) {
    Map<String, List<History>> all = new LinkedHashMap<>();
    for (String method : comparison.methods()) {
      List<History> some = new ArrayList<>();
      for (int i = 0; i < comparison.seeds().size(); i++) {
        some.add(histories.apply(comparison.run(method, i).directory()));
      }
      all.put(method, some);
    }
    page.section("curves", "Curves of all runs").charts();
    figure(page, all, EpochEnded.VALIDATION_ERROR, "Validation error");
    TITLES.forEach((measure, title) -> figure(page, all, measure.id(), title));
    figure(page, all, "forgetting_gap", "Forgetting gap");
    page.end().end();
  }

  private static void figure(
      Page page, Map<String, List<History>> all, String figure, String title) {
    Lines lines = new Lines(CurvesSection.EPOCHS, title);
    int colour = 0;
    for (Map.Entry<String, List<History>> method : all.entrySet()) {
      for (History history : method.getValue()) {
        lines.curve(
            method.getKey(),
            colour,
            history.epochs().stream()
                .map(epoch -> new Place(epoch.end(), epoch.figure(figure)))
                .toList());
      }
      colour++;
    }
    if (!lines.isEmpty()) {
      page.chart(title, lines.chart(), "");
    }
  }

  private void runs(Page page) {
    page.section("runs", "Runs");
    List<Page.Fact> facts = new ArrayList<>();
    for (String method : comparison.methods()) {
      for (int i = 0; i < comparison.seeds().size(); i++) {
        facts.add(
            new Page.Fact(
                method + ", seed " + comparison.seeds().get(i),
                value(comparison.scores(method)[i])
                    + ", "
                    + comparison.run(method, i).directory()));
      }
    }
    page.facts(facts);
    page.note("Each has a page of its own: report/index.html.").end();
  }
}
