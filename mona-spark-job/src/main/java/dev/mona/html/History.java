package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.learner.Stage;
import dev.mona.storage.RunDirectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Epochs and rounds of a run, in order.
 *
 * @param epochs that have ended
 * @param rounds that have ended
 */
record History(List<Epoch> epochs, List<Round> rounds) {
  static final String ROUNDS = RunDirectory.METRICS + "/rounds.jsonl";
  static final String EPOCHS = RunDirectory.METRICS + "/epochs.jsonl";

  /** What is larger is no figure that can be drawn. */
  private static final double LARGEST = 1e100;

  History {
    epochs = List.copyOf(epochs);
    rounds = List.copyOf(rounds);
  }

  /**
   * An epoch.
   *
   * @param end epochs of all stages up to its end, a place on an axis of all of them
   */
  record Epoch(Stage stage, int number, double end, JsonNode line) {
    /** A figure; NaN where it has none. */
    double figure(String name) {
      return History.figure(line, name);
    }

    /** Seconds of one of its parts; 0 where it has none. */
    double seconds(String name) {
      return History.seconds(line, name);
    }
  }

  /**
   * A round.
   *
   * @param end epochs of all stages up to its end, with the part of its own that is done
   */
  record Round(Stage stage, double end, JsonNode line) {
    double figure(String name) {
      return History.figure(line, name);
    }

    double seconds() {
      return History.seconds(line, "seconds");
    }

    /** The part of its seconds in which the slowest worker took no local steps. */
    double averaging() {
      double part = figure(RoundEnded.AVERAGING_SECONDS);
      return Double.isFinite(part) ? Math.min(Math.max(0, part), seconds()) : 0;
    }
  }

  private static double figure(JsonNode line, String name) {
    JsonNode value = line.path("metrics").path(name);
    double figure = value.isNumber() ? value.asDouble() : Double.NaN;
    return Math.abs(figure) < LARGEST ? figure : Double.NaN;
  }

  private static double seconds(JsonNode line, String name) {
    double seconds = line.path(name).asDouble(0);
    return seconds > 0 && seconds < LARGEST ? seconds : 0;
  }

  /** Of a run's files of metrics. */
  static History of(RunFiles files) {
    return of(files.lines(EPOCHS), files.lines(ROUNDS));
  }

  /** Of their lines; one that names no stage is left out. */
  static History of(List<JsonNode> epochLines, List<JsonNode> roundLines) {
    Map<Stage, Integer> lengths = new EnumMap<>(Stage.class);
    for (List<JsonNode> lines : List.of(epochLines, roundLines)) {
      for (JsonNode line : lines) {
        stage(line).ifPresent(stage -> lengths.merge(stage, epoch(line) + 1, Math::max));
      }
    }
    Map<Stage, Integer> starts = new EnumMap<>(Stage.class);
    int all = 0;
    for (Stage stage : Stage.values()) {
      starts.put(stage, all);
      all += lengths.getOrDefault(stage, 0);
    }
    List<Epoch> epochs = new ArrayList<>();
    for (JsonNode line : epochLines) {
      stage(line)
          .ifPresent(
              stage ->
                  epochs.add(
                      new Epoch(
                          stage,
                          epoch(line),
                          starts.getOrDefault(stage, 0) + epoch(line) + 1.0,
                          line)));
    }
    List<Round> rounds = new ArrayList<>();
    for (JsonNode line : roundLines) {
      double done =
          (line.path("round").asInt() + 1.0) / Math.max(1, line.path("of_rounds").asInt(1));
      stage(line)
          .ifPresent(
              stage ->
                  rounds.add(
                      new Round(stage, starts.getOrDefault(stage, 0) + epoch(line) + done, line)));
    }
    return new History(epochs, rounds);
  }

  private static int epoch(JsonNode line) {
    return Math.max(0, Math.min(line.path("epoch").asInt(), 1 << 24));
  }

  private static Optional<Stage> stage(JsonNode line) {
    String id = line.path("stage").asText();
    return Arrays.stream(Stage.values()).filter(stage -> stage.id().equals(id)).findFirst();
  }

  /** Stages that have an epoch or a round, in order. */
  List<Stage> stages() {
    return Arrays.stream(Stage.values())
        .filter(
            stage ->
                epochs.stream().anyMatch(e -> e.stage() == stage)
                    || rounds.stream().anyMatch(r -> r.stage() == stage))
        .toList();
  }

  /** Whether any epoch has a figure. */
  boolean has(String name) {
    return epochs.stream().anyMatch(epoch -> Double.isFinite(epoch.figure(name)));
  }

  /** The validation error of an epoch of finetuning. */
  OptionalDouble validation(int epoch) {
    return epochs.stream()
        .filter(e -> e.stage() == Stage.FINETUNING && e.number() == epoch)
        .mapToDouble(e -> e.figure(EpochEnded.VALIDATION_ERROR))
        .filter(Double::isFinite)
        .findFirst();
  }
}
