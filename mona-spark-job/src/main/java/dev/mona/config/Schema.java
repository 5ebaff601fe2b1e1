package dev.mona.config;

import dev.mona.learner.FinetuneScope;
import dev.mona.learner.StageOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** All keys, in the order of the documentation, and how they make a configuration. */
final class Schema {
  static final Key<Method> METHOD =
      Key.choice(
          Method.class,
          "method",
          "`mona` runs the three stages; `warmup-finetune` makes the alignment epochs warm-up"
              + " epochs; `finetune` makes all epochs finetuning epochs; `mona-shuffled` is mona"
              + " with permuted source labels; `orca` aligns the embedder by optimal transport"
              + " and makes the warm-up epochs finetuning epochs; `layernorm` is finetune of the"
              + " encoder's layer norms; `scratch` is finetune from random values");
  static final EmbedderSection EMBEDDER = new EmbedderSection();
  static final StageSection WARMUP = new StageSection("Warm-up", "warmup");
  static final StageSection ALIGNMENT_STAGE =
      new StageSection("Alignment, as every stage", "alignment");
  static final AlignmentSection ALIGNMENT = new AlignmentSection();
  static final StageSection FINETUNING = new StageSection("Finetuning", "finetuning");
  static final Key<FinetuneScope> SCOPE =
      Key.choice(
          FinetuneScope.class,
          Map.of(FinetuneScope.LAYER_NORM, "layernorm"),
          "finetuning.scope",
          "Encoder parameters that finetuning changes; embedder and head always train");
  static final Key<Double> DROPOUT =
      Key.fraction(
          "finetuning.dropout",
          "Part of the encoder's values that finetuning sets to 0 by chance: of the tokens that go"
              + " in, and of what attention and feed-forward add to them in each layer");

  static final List<Section> SECTIONS =
      List.of(
          new MethodSection(),
          RunConfig.SECTION,
          TaskConfig.SECTION,
          BackboneConfig.SECTION,
          SourceConfig.SECTION,
          EMBEDDER,
          WARMUP,
          ALIGNMENT,
          ALIGNMENT_STAGE,
          FINETUNING,
          AveragingConfig.SECTION,
          StoppingConfig.SECTION,
          EvaluationConfig.SECTION,
          RecoveryConfig.SECTION);

  private Schema() {}

  /** Keys that concern several stages. */
  private static final class MethodSection implements Section {
    @Override
    public String title() {
      return "Method";
    }

    @Override
    public List<Key<?>> keys() {
      return List.of(METHOD, SCOPE, DROPOUT);
    }

    @Override
    public void check(Values values, Problems problems) {
      if (values.has(WARMUP.epochs, ALIGNMENT_STAGE.epochs, FINETUNING.epochs)
          && values.get(WARMUP.epochs)
                  + values.get(ALIGNMENT_STAGE.epochs)
                  + values.get(FINETUNING.epochs)
              == 0) {
        problems.add(
            "warmup.epochs, alignment.epochs and finetuning.epochs are all 0: give at least one"
                + " stage an epoch");
      }
      if (values.has(METHOD, ALIGNMENT_STAGE.epochs) && values.get(ALIGNMENT_STAGE.epochs) == 0) {
        switch (values.get(METHOD)) {
          case MONA_SHUFFLED ->
              problems.add(
                  values.quote(METHOD)
                      + " but alignment.epochs is 0: without alignment there are no labels to"
                      + " shuffle");
          case ORCA ->
              problems.add(
                  values.quote(METHOD)
                      + " but alignment.epochs is 0: give the alignment an epoch, or use finetune");
          case MONA, WARMUP_FINETUNE, FINETUNE, LAYERNORM, SCRATCH -> {}
        }
      }
      if (values.has(METHOD, SCOPE)) {
        checkScope(values, problems);
      }
    }

    private static void checkScope(Values values, Problems problems) {
      FinetuneScope scope = values.get(SCOPE);
      boolean refused =
          switch (values.get(METHOD)) {
            case SCRATCH -> scope != FinetuneScope.ALL;
            case LAYERNORM -> scope == FinetuneScope.NON_ATTENTION;
            case MONA, WARMUP_FINETUNE, FINETUNE, MONA_SHUFFLED, ORCA -> false;
          };
      if (refused) {
        problems.add(
            values.quote(METHOD)
                + " but "
                + values.quote(SCOPE)
                + ": the method says what finetuning changes, leave the scope at all");
      }
    }
  }

  static List<Key<?>> keys() {
    List<Key<?>> keys = new ArrayList<>();
    SECTIONS.forEach(section -> keys.addAll(section.keys()));
    return keys;
  }

  static void check(Values values, Problems problems) {
    SECTIONS.forEach(section -> section.check(values, problems));
  }

  /** The configuration of values that were all accepted. */
  static MonaConfig build(Values values) {
    StageOptions alignmentStage = ALIGNMENT_STAGE.read(values);
    List<Key<?>> keys = keys();
    return new MonaConfig(
        values.get(METHOD),
        RunConfig.from(values),
        TaskConfig.from(values),
        BackboneConfig.from(values),
        SourceConfig.from(values),
        EMBEDDER.read(values),
        WARMUP.read(values),
        ALIGNMENT.read(values, alignmentStage),
        FINETUNING.read(values),
        values.get(SCOPE),
        values.get(DROPOUT),
        AveragingConfig.from(values),
        StoppingConfig.from(values),
        EvaluationConfig.from(values),
        RecoveryConfig.from(values),
        render(values, keys),
        sha256(render(values, keys.stream().filter(Key::decisive).toList())));
  }

  private static String render(Values values, List<Key<?>> keys) {
    StringBuilder text = new StringBuilder();
    keys.stream()
        .sorted(Comparator.comparing(Key::path))
        .forEach(k -> text.append(k.path()).append(" = ").append(values.render(k)).append('\n'));
    return text.toString();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
