package dev.mona.cli.text;

import dev.mona.MonaException;
import java.util.Locale;

/** Numbers and sizes on the command line. */
public final class Sizes {
  private Sizes() {}

  public static int positive(String option, int value) {
    if (value < 1) {
      throw MonaException.configuration(option + " is " + value + ": give at least 1");
    }
    return value;
  }

  /** Bytes of a size in Spark's notation: a whole number and k, m, g or t. */
  public static long bytes(String option, String text) {
    String size = text.toLowerCase(Locale.ROOT);
    if (!size.matches("[1-9][0-9]{0,8}[kmgt]b?")) {
      throw MonaException.configuration(
          option + " is \"" + text + "\": give a whole number with k, m, g or t, like 16g");
    }
    int at = size.endsWith("b") ? size.length() - 2 : size.length() - 1;
    int shift = 10 * (1 + "kmgt".indexOf(size.charAt(at)));
    return Long.parseLong(size.substring(0, at)) << shift;
  }
}
