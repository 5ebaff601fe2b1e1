package dev.mona.html;

import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.html.Plot.Place;
import dev.mona.learner.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How training went: loss, validation error and the angle between the two gradients of the
 * alignment, over the epochs of all stages.
 *
 * @param history epochs and rounds
 * @param chosen epoch of finetuning that was taken, counted from 0; empty where none was
 */
record CurvesSection(History history, Optional<Integer> chosen) {
  static final String EPOCHS = "epochs of all stages";

  private static final Map<Stage, String> NAMES =
      Map.of(Stage.WARMUP, "warm-up", Stage.ALIGNMENT, "alignment", Stage.FINETUNING, "finetuning");

  void write(Page page) {
    page.section("curves", "Training");
    if (history.stages().isEmpty()) {
      page.note("No epoch has ended yet.").end();
      return;
    }
    page.charts();
    page.chart(
        "Training loss",
        loss(),
        "Thick: mean of an epoch. Thin: rounds. What an alignment minimises is not this alone.");
    Lines validation = curves(history, EpochEnded.VALIDATION_ERROR, "validation error");
    if (!validation.isEmpty()) {
      mark(validation);
      page.chart(
          "Validation error",
          validation.chart(),
          chosen.isPresent() ? "Ring: the epoch that was taken." : "");
    }
    Lines cosine = new Lines(EPOCHS, "cos(g, v)");
    cosine.curve(
        "alignment",
        colour(Stage.ALIGNMENT),
        history.rounds().stream().map(r -> new Place(r.end(), r.figure("cosine"))).toList());
    if (!cosine.isEmpty()) {
      page.chart(
          "cos(g, v)",
          cosine.level(0).chart(),
          "Between the gradient of the task and that of the source. Below 0, a step on the target"
              + " harms the source.");
    }
    page.end().end();
  }

  private Plot loss() {
    Lines loss = new Lines(EPOCHS, "loss");
    for (Stage stage : history.stages()) {
      loss.faint(
          name(stage),
          colour(stage),
          history.rounds().stream()
              .filter(round -> round.stage() == stage)
              .map(round -> new Place(round.end(), round.figure(RoundEnded.LOSS)))
              .toList());
      curve(loss, stage, history, RoundEnded.LOSS);
    }
    return loss.chart();
  }

  private void mark(Lines validation) {
    for (History.Epoch epoch : history.epochs()) {
      if (epoch.stage() == Stage.FINETUNING && chosen.equals(Optional.of(epoch.number()))) {
        double error = epoch.figure(EpochEnded.VALIDATION_ERROR);
        validation.mark(name(epoch.stage()), colour(epoch.stage()), new Place(epoch.end(), error));
      }
    }
  }

  /** A figure of the epochs of every stage that has it. */
  static Lines curves(History history, String figure, String yName) {
    Lines lines = new Lines(EPOCHS, yName);
    history.stages().forEach(stage -> curve(lines, stage, history, figure));
    return lines;
  }

  private static void curve(Lines lines, Stage stage, History history, String figure) {
    List<Place> points =
        history.epochs().stream()
            .filter(epoch -> epoch.stage() == stage)
            .map(epoch -> new Place(epoch.end(), epoch.figure(figure)))
            .toList();
    lines.curve(name(stage), colour(stage), points);
  }

  static String name(Stage stage) {
    return NAMES.getOrDefault(stage, stage.id());
  }

  static int colour(Stage stage) {
    return switch (stage) {
      case WARMUP -> 0;
      case ALIGNMENT -> 1;
      case FINETUNING -> 2;
    };
  }
}
