package dev.mona.arms;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parts of the training samples in per cent, as {@code 1,5,10,25,50,100}. */
final class Fractions {
  static final String KEY = "task.train-fraction";
  private static final BigDecimal ALL = BigDecimal.valueOf(100);

  private Fractions() {}

  /**
   * A variant for each; all samples are no variant of their own, so that such runs are those of
   * other comparisons.
   *
   * @throws MonaException for what is no per cent, and for one that is given twice
   */
  static List<Variant> of(List<String> perCents) {
    Set<BigDecimal> seen = new HashSet<>();
    return perCents.stream().map(text -> variant(text, seen)).toList();
  }

  private static Variant variant(String text, Set<BigDecimal> seen) {
    BigDecimal perCent = perCent(text);
    if (!seen.add(perCent)) {
      throw MonaException.configuration(
          "--fractions names %s %% twice: leave one out".formatted(perCent.toPlainString()));
    }
    if (perCent.compareTo(ALL) == 0) {
      return new Variant("", List.of());
    }
    String part = perCent.movePointLeft(2).toPlainString();
    return new Variant("-" + perCent.toPlainString() + "pct", List.of(KEY + "=" + part));
  }

  private static BigDecimal perCent(String text) {
    // the form first: numbers like 1e999999999 take for ever to write
    if (text.trim().matches("[0-9]{1,3}(\\.[0-9]{1,6})?")) {
      BigDecimal perCent = new BigDecimal(text.trim()).stripTrailingZeros();
      if (perCent.signum() > 0 && perCent.compareTo(ALL) <= 0) {
        return perCent;
      }
    }
    throw MonaException.configuration(
        "--fractions has %s: give per cents above 0 and up to 100, as in 1,5,10,25,50,100"
            .formatted(Quoted.of(text)));
  }
}
