package dev.mona.html;

import dev.mona.events.EpochEnded;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.html.Plot.Place;
import dev.mona.learner.Stage;
import dev.mona.report.Comparison;
import dev.mona.report.Comparison.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The curves of all runs of a comparison over each other, a colour a method.
 *
 * @param comparison the runs
 * @param histories epochs of the run in a directory
 */
record ComparisonCurves(Comparison comparison, Function<String, History> histories) {

  /** A figure of epochs; what the pretrained encoder has of it, where it is one of the encoder. */
  private record Figure(String id, String title, Optional<Measure> pretrained) {
    static Figure of(String id, String title) {
      return new Figure(id, title, Optional.empty());
    }

    static Figure ofEncoder(Measure measure, String title, Measure pretrained) {
      return new Figure(measure.id(), title, Optional.of(pretrained));
    }
  }

  private static final List<Figure> FIGURES =
      List.of(
          Figure.of(EpochEnded.VALIDATION_ERROR, "Validation error"),
          Figure.ofEncoder(
              Measure.PROBE_ERROR, "Source probe error", Measure.PROBE_ERROR_PRETRAINED),
          Figure.ofEncoder(
              Measure.PROBE_ERROR_REFITTED,
              "Source probe error, refitted",
              Measure.PROBE_ERROR_PRETRAINED),
          Figure.ofEncoder(
              Measure.DAVIES_BOULDIN,
              "Davies-Bouldin index of the source",
              Measure.DAVIES_BOULDIN_PRETRAINED),
          Figure.ofEncoder(
              Measure.OUTER_LOSS, "Outer loss of the source", Measure.OUTER_LOSS_PRETRAINED),
          Figure.of(Measure.DISCREPANCY.id(), "Discrepancy"),
          Figure.of("forgetting_gap", "Forgetting gap"));

  /** What a run has left. */
  private record Left(Scores scores, History history) {}

  void write(Page page) {
    List<List<Left>> all = new ArrayList<>();
    for (Contender each : comparison.contenders()) {
      all.add(
          each.runs().stream()
              .map(run -> new Left(run.scores(), histories.apply(run.directory())))
              .toList());
    }
    page.section("curves", "Curves of all runs");
    page.sentence(
        "Up to finetuning the encoder is the pretrained one, and what is measured of it stays as it"
            + " is.");
    page.charts();
    FIGURES.forEach(figure -> write(page, all, figure));
    page.end().end();
  }

  private void write(Page page, List<List<Left>> all, Figure figure) {
    Lines lines = new Lines(CurvesSection.EPOCHS, figure.title());
    for (int m = 0; m < all.size(); m++) {
      String name = comparison.contenders().get(m).name();
      for (Left run : all.get(m)) {
        lines.curve(name, m, places(run, figure));
      }
    }
    if (!lines.isEmpty()) {
      page.chart(figure.title(), lines.chart(), "");
    }
  }

  private static List<Place> places(Left run, Figure figure) {
    List<Place> places = new ArrayList<>();
    List<History.Epoch> epochs = run.history().epochs();
    double frozen =
        epochs.stream()
            .filter(epoch -> epoch.stage() != Stage.FINETUNING)
            .mapToDouble(History.Epoch::end)
            .max()
            .orElse(0);
    if (figure.pretrained().isPresent() && frozen > 0 && run.history().has(figure.id())) {
      double pretrained = run.scores().of(figure.pretrained().get());
      places.add(new Place(0, pretrained));
      places.add(new Place(frozen, pretrained));
    }
    epochs.forEach(epoch -> places.add(new Place(epoch.end(), epoch.figure(figure.id()))));
    return places;
  }
}
