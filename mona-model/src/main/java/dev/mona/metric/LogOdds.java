package dev.mona.metric;

/**
 * Scores of one class against the rest: {@code z_c - log sum over k != c of exp(z_k)}, the log-odds
 * of the softmax probability. It orders samples as that probability does, but does not round to
 * equal values near 0 and 1.
 */
final class LogOdds {
  private LogOdds() {}

  /**
   * Writes the scores of all classes of one sample.
   *
   * @param logits source, {@code outputs} values from {@code offset}
   * @param out target, {@code outputs} values from {@code at}; infinite for a single class
   */
  static void oneVersusRest(float[] logits, int offset, int outputs, float[] out, int at) {
    int top = Math.max(0, Labels.argMax(logits, offset, outputs));
    double largest = logits[offset + top];
    double rest = 0;
    double second = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < outputs; c++) {
      if (c != top) {
        second = Math.max(second, logits[offset + c]);
      }
    }
    for (int c = 0; c < outputs; c++) {
      if (c != top) {
        rest += Math.exp(logits[offset + c] - second);
      }
    }
    // The rest of the top class is summed relative to its own largest, so that it cannot vanish.
    double logRest = second + Math.log(rest);
    double all = 1 + Math.exp(logRest - largest);
    for (int c = 0; c < outputs; c++) {
      double z = logits[offset + c];
      double others = c == top ? logRest : largest + Math.log(all - Math.exp(z - largest));
      out[at + c] = (float) (z - others);
    }
  }
}
