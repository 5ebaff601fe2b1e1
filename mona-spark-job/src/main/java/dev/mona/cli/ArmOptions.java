package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.arms.Arms;
import dev.mona.arms.Preset;
import dev.mona.config.MonaConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a comparison compares. */
final class ArmOptions {
  private static final List<String> USUAL = List.of("warmup-finetune", "mona", "finetune");

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "METHOD",
      description =
          "Methods to run, separated by commas; differences are taken to the first one (default"
              + " warmup-finetune,mona,finetune).")
  private @Nullable List<String> methods;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      description =
          "Runs a list of arms instead of methods. ablation: MoNA without warm-up, without"
              + " alignment, at ratio 0, with each part of the outer loss and with another one, with"
              + " each estimator, with shuffled source labels, and from random values."
              + " confined: warmup-finetune, mona and finetune, each with all of the encoder"
              + " finetuned, with low-rank adapters, with layer norms alone and with replay of the"
              + " source.")
  private @Nullable String preset;

  @Option(
      names = "--fractions",
      split = ",",
      paramLabel = "PERCENT",
      description =
          "Runs each of them with parts of the training samples, in per cent, as in"
              + " 1,5,10,25,50,100.")
  private List<String> fractions = new ArrayList<>();

  @Option(
      names = "--grid",
      paramLabel = "KEY=A,B,C",
      description =
          "Runs each of them with each value of a key. Repeatable: all combinations are run.")
  private List<String> grid = new ArrayList<>();

  /** Whether any of these options was given. */
  boolean given() {
    return methods != null || preset != null || !fractions.isEmpty() || !grid.isEmpty();
  }

  /** What the folder of the comparison has behind the name of the task. */
  String suffix() {
    return (preset == null ? "" : "-" + preset)
        + (grid.isEmpty() ? "" : "-grid")
        + (fractions.isEmpty() ? "" : "-fractions");
  }

  /** Settings of all arms. */
  List<String> settings() {
    return preset == null ? List.of() : List.of("evaluation.refit=true");
  }

  /**
   * The arms.
   *
   * @param configurations the configuration with some settings, without the name of a run
   */
  Arms arms(Function<List<String>, MonaConfig> configurations) {
    if (preset != null && methods != null) {
      throw MonaException.configuration("give either --preset or --methods: a preset has its own");
    }
    Arms arms =
        preset == null
            ? ofMethods(methods == null ? USUAL : methods)
            : Arms.of(Preset.of(preset), configurations.apply(List.of("method=mona")));
    return arms.withGrid(grid)
        .withFractions(fractions)
        .distinct(arm -> configurations.apply(arm.settings()));
  }

  private static Arms ofMethods(List<String> ids) {
    if (new HashSet<>(ids).size() < ids.size()) {
      throw MonaException.configuration(
          "--methods %s name one twice: leave it out".formatted(String.join(",", ids)));
    }
    return Arms.ofMethods(ids);
  }
}
