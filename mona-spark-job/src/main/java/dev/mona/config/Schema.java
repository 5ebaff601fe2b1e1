package dev.mona.config;

import java.util.List;

/** All keys, in the order of the documentation. */
final class Schema {
  static final MethodSection METHOD = new MethodSection();
  static final EmbedderSection EMBEDDER = new EmbedderSection();
  static final StageSection WARMUP = new StageSection("Warm-up", "warmup");
  static final AlignmentSection ALIGNMENT = new AlignmentSection();
  static final StageSection ALIGNMENT_STAGE =
      new StageSection("Alignment, as every stage", "alignment");
  static final StageSection FINETUNING = new StageSection("Finetuning", "finetuning");

  static final List<Section> SECTIONS =
      List.of(
          METHOD,
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
          NonFiniteConfig.SECTION,
          EvaluationConfig.SECTION,
          RecoveryConfig.SECTION,
          TrackingConfig.SECTION);

  private Schema() {}

  static List<Key<?>> keys() {
    return SECTIONS.stream().<Key<?>>flatMap(section -> section.keys().stream()).toList();
  }

  static void check(Values values, Problems problems) {
    SECTIONS.forEach(section -> section.check(values, problems));
  }
}
