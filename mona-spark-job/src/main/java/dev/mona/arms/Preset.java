package dev.mona.arms;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.config.Method;
import dev.mona.learner.Stages;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists of arms by name. */
public enum Preset {
  /**
   * MoNA with one thing less or another one, and its controls. An arm that leaves a stage out gives
   * its epochs to finetuning, so that all make as many passes over the data.
   */
  ABLATION {
    @Override
    List<Arm> arms(Stages written) {
      int warmup = written.warmup().epochs();
      int alignment = written.alignment().epochs();
      int finetuning = written.finetuning().epochs();
      return List.of(
          mona(""),
          mona("no-warmup", "warmup.epochs=0", epochs(warmup + finetuning)),
          mona("no-alignment", "alignment.epochs=0", epochs(alignment + finetuning)),
          method(Method.WARMUP_FINETUNE), // a ratio of 0, in whichever mode
          mona("align-only", "alignment.outer.loss=alignment"),
          mona("uniform-only", "alignment.outer.loss=uniformity"),
          mona("supcon", "alignment.outer.loss=supcon"),
          mona("exact", estimator("exact"), ALL_ANEW),
          mona("finite-difference", estimator("finite-difference"), ALL_ANEW, ONE_STEP, ONE_BATCH),
          mona("gradient-alignment", estimator("gradient-alignment"), ONE_STEP, ONE_BATCH),
          method(Method.MONA_SHUFFLED),
          method(Method.SCRATCH));
    }
  },

  /**
   * MoNA, its control and naive finetuning, each with the whole encoder finetuned and with what
   * confines it: low-rank adapters, layer norms alone, replay of the source. Each is held against
   * the control that is confined alike.
   */
  CONFINED {
    @Override
    List<Arm> arms(Stages written) {
      String control = Method.WARMUP_FINETUNE.id();
      List<Arm> methods =
          Stream.of(Method.WARMUP_FINETUNE, Method.MONA, Method.FINETUNE)
              .map(each -> Arm.method(each.id(), control))
              .toList();
      return Variant.of(
          methods,
          List.of(
              confined("", "none", "all", "0"),
              confined("-lora", "lora", "all", "0"),
              confined("-norms", "none", "layernorm", "0"),
              confined("-replay", "none", "all", REPLAY)));
    }
  };

  /** Enough to keep the source on satellite crops, at no visible cost (one seed). */
  private static final String REPLAY = "0.3";

  private static final String ALL_ANEW = "alignment.outer-gradient-reuse=1";
  private static final String ONE_STEP = "alignment.inner-steps=1";
  private static final String ONE_BATCH = "alignment.virtual-steps.batches=same";

  /**
   * The arms; the first is what the others are held against.
   *
   * @param written the stages of the configuration that they change
   */
  abstract List<Arm> arms(Stages written);

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The preset of a name.
   *
   * @throws MonaException if there is none
   */
  public static Preset of(String id) {
    return Arrays.stream(values())
        .filter(preset -> preset.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                MonaException.configuration(
                    "--preset is %s, must be one of: %s".formatted(Quoted.of(id), ids())));
  }

  private static String ids() {
    return Arrays.stream(values()).map(Preset::id).collect(Collectors.joining(", "));
  }

  private static Arm mona(String name, String... settings) {
    Arm mona = Arm.method(Method.MONA.id(), Method.MONA.id());
    return name.isEmpty()
        ? mona
        : new Arm(name, mona.with("", List.of(settings), "").settings(), mona.name());
  }

  /** All that confines the encoder, whatever the configuration says of it. */
  private static Variant confined(String suffix, String adapter, String scope, String replay) {
    return new Variant(
        suffix,
        List.of(
            "finetuning.adapter=" + adapter,
            "finetuning.scope=" + scope,
            "finetuning.replay.weight=" + replay));
  }

  private static Arm method(Method method) {
    return Arm.method(method.id(), Method.MONA.id());
  }

  private static String epochs(int finetuning) {
    return "finetuning.epochs=" + finetuning;
  }

  private static String estimator(String name) {
    return "alignment.estimator=" + name;
  }
}
