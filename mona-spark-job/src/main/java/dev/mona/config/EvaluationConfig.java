package dev.mona.config;

import java.io.Serializable;

/**
 * What is measured besides the task score.
 *
 * @param retention whether source retention is measured
 * @param retentionEvery epochs of a stage from one measurement of it to the next
 * @param refit whether a probe is refitted whenever it is measured
 * @param outerBatches fixed source batches on which the outer loss is measured
 * @param discrepancySamples target samples on which the modality knowledge discrepancy is measured
 */
public record EvaluationConfig(
    boolean retention, int retentionEvery, boolean refit, int outerBatches, int discrepancySamples)
    implements Serializable {

  public EvaluationConfig {
    if (retentionEvery < 1) {
      throw new IllegalArgumentException("retention every must be >= 1");
    }
    if (outerBatches < 1) {
      throw new IllegalArgumentException("outer batches must be >= 1");
    }
    if (discrepancySamples < 0) {
      throw new IllegalArgumentException("discrepancy samples must be >= 0");
    }
  }

  static final Section SECTION = new Section("Evaluation");

  static final Key<Boolean> RETENTION =
      SECTION.add(
          Key.flag(
              "evaluation.retention",
              "Measure how much source knowledge the encoder keeps: error of a linear probe that is"
                  + " not refitted, and the outer loss on fixed source batches"));
  static final Key<Integer> RETENTION_EVERY =
      SECTION.add(
          Key.atLeast(
              1,
              "evaluation.retention-every",
              "Epochs of a stage from one measurement of retention to the next; the finished model"
                  + " is always measured"));
  static final Key<Boolean> REFIT =
      SECTION.add(
          Key.flag(
                  "evaluation.refit",
                  "Fit the probe anew, too, whenever retention is measured in finetuning, and not"
                      + " for the finished model alone. It takes about three times as long")
              .notDecisive());
  static final Key<Integer> OUTER_BATCHES =
      SECTION.add(
          Key.atLeast(
              1,
              "evaluation.outer-batches",
              "Fixed source batches on which the outer loss is measured"));
  static final Key<Integer> DISCREPANCY_SAMPLES =
      SECTION.add(
          Key.atLeast(
              0,
              "evaluation.discrepancy-samples",
              "Training samples on which a run that measures retention also measures, at its end,"
                  + " how far the target's classes are from the source's; 0 for not at all"));

  static EvaluationConfig from(Values values) {
    return new EvaluationConfig(
        values.get(RETENTION),
        values.get(RETENTION_EVERY),
        values.get(REFIT),
        values.get(OUTER_BATCHES),
        values.get(DISCREPANCY_SAMPLES));
  }
}
