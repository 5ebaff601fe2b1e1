package dev.mona.benchmark;

import java.util.Arrays;
import java.util.List;

/**
 * Ratio of two peers' median step times, pair by pair: the two measurements of one turn follow each
 * other, so that what slows the machine slows both.
 *
 * @param least smallest ratio
 * @param median median ratio
 * @param most largest ratio
 */
record Comparison(double least, double median, double most) {

  /** {@code of / over} for each turn. */
  static Comparison ratio(List<Measurement> of, List<Measurement> over) {
    if (of.isEmpty() || of.size() != over.size()) {
      throw new IllegalArgumentException(
          "cannot pair " + of.size() + " with " + over.size() + " measurements");
    }
    double[] ratios = new double[of.size()];
    for (int i = 0; i < ratios.length; i++) {
      if (of.get(i).repetition() != over.get(i).repetition()) {
        throw new IllegalArgumentException("measurement " + i + " is of another turn");
      }
      ratios[i] = of.get(i).median() / over.get(i).median();
    }
    Arrays.sort(ratios);
    return new Comparison(ratios[0], Measurement.median(ratios), ratios[ratios.length - 1]);
  }
}
