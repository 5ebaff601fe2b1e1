package dev.mona.config;

import java.io.Serializable;
import java.util.List;

/**
 * What is measured besides the task score.
 *
 * @param retention whether source retention is measured
 * @param retentionEvery epochs of a stage from one measurement of it to the next
 * @param outerBatches fixed source batches on which the outer loss is measured
 */
public record EvaluationConfig(boolean retention, int retentionEvery, int outerBatches)
    implements Serializable {

  public EvaluationConfig {
    if (retentionEvery < 1) {
      throw new IllegalArgumentException("retention every must be >= 1");
    }
    if (outerBatches < 1) {
      throw new IllegalArgumentException("outer batches must be >= 1");
    }
  }

  static final Key<Boolean> RETENTION =
      Key.flag(
          "evaluation.retention",
          "Measure how much source knowledge the encoder keeps: error of a linear probe that is"
              + " not refitted, and the outer loss on fixed source batches");
  static final Key<Integer> RETENTION_EVERY =
      Key.atLeast(
          1,
          "evaluation.retention-every",
          "Epochs of a stage from one measurement of retention to the next; the finished model is"
              + " always measured");
  static final Key<Integer> OUTER_BATCHES =
      Key.atLeast(
          1,
          "evaluation.outer-batches",
          "Fixed source batches on which the outer loss is measured");

  static final Section SECTION =
      new Section() {
        @Override
        public String title() {
          return "Evaluation";
        }

        @Override
        public List<Key<?>> keys() {
          return List.of(RETENTION, RETENTION_EVERY, OUTER_BATCHES);
        }
      };

  static EvaluationConfig from(Values values) {
    return new EvaluationConfig(
        values.get(RETENTION), values.get(RETENTION_EVERY), values.get(OUTER_BATCHES));
  }
}
