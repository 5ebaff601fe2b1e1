package dev.mona.inputs;

import dev.mona.MonaException;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import java.util.Locale;

/** Refuses settings whose products are beyond what is counted or held in one array. */
record Countable(LearnerOptions options) {

  /**
   * Checks the stages that train.
   *
   * @param largest samples of the largest partition
   * @param sampleValues values of a sample, of its features or its labels
   * @param sourceValues tokens of the longest source text, or values of a source image
   * @throws MonaException of the category {@code CONFIGURATION} for the first that is too large
   */
  void require(int largest, int sampleValues, long sourceValues) {
    for (Stage stage : Stage.values()) {
      StageOptions of = options.stage(stage);
      if (of.epochs() == 0) {
        continue;
      }
      String name = stage.id();
      long step = (long) of.batchSize() * of.accumulation();
      fits(
          of.epochs() * ((largest + step - 1) / step),
          String.format(
              Locale.ROOT,
              "%s.epochs of %d and steps of %d samples out of %d make a stage of",
              name,
              of.epochs(),
              step,
              largest),
          "steps",
          name + ".epochs");
      fits(
          (long) Math.min(largest, of.batchSize()) * sampleValues,
          String.format(
              Locale.ROOT,
              "%s.batch-size of %d samples with %d values each makes a batch of",
              name,
              Math.min(largest, of.batchSize()),
              sampleValues),
          "values",
          name + ".batch-size");
    }
    if (options.stage(Stage.ALIGNMENT).epochs() > 0) {
      long samples = (long) options.source().classes() * options.source().samplesPerClass();
      fits(
          Math.multiplyExact(samples, sourceValues),
          String.format(
              Locale.ROOT,
              "alignment.source-batch of %d samples with up to %d values each makes a batch of",
              samples,
              sourceValues),
          "values",
          "alignment.source-batch.classes");
    }
  }

  /**
   * Checks the samples of the discrepancy, which are one array.
   *
   * @param samples how many there are
   * @param sampleValues values of a sample, of its features or its labels
   * @throws MonaException of the category {@code CONFIGURATION} if they are too large
   */
  static void requireFixed(int samples, int sampleValues) {
    fits(
        (long) samples * sampleValues,
        String.format(
            Locale.ROOT,
            "evaluation.discrepancy-samples of %d samples with %d values each make an array of",
            samples,
            sampleValues),
        "values",
        "evaluation.discrepancy-samples");
  }

  private static void fits(long count, String what, String unit, String key) {
    if (count > Integer.MAX_VALUE) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "%s %d %s, and there can be %d: lower %s",
              what,
              count,
              unit,
              Integer.MAX_VALUE,
              key));
    }
  }
}
