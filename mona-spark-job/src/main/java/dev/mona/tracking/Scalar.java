package dev.mona.tracking;

/**
 * One number of a run, as trackers show it.
 *
 * @param name {@code alignment/round/loss}, {@code finetuning/epoch/validation_error}, {@code
 *     scores/test_error_rate}
 * @param step rounds of all stages that had ended
 * @param value finite
 * @param millis when it was told, since 1970
 */
record Scalar(String name, long step, double value, long millis) {
  Scalar {
    if (step < 0 || !Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " = " + value + " at step " + step + " cannot be");
    }
  }

  double seconds() {
    return millis / 1000.0;
  }
}
