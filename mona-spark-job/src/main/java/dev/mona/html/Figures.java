package dev.mona.html;

import dev.mona.report.TextTable;
import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers for people, the same in every locale. */
final class Figures {
  private static final Pattern NUMBER = Pattern.compile("-|[+−-]?\\.?[0-9].*");
  private static final int FEW_SECONDS = 90;

  private Figures() {}

  /** Four significant digits; {@code -} for NaN. */
  static String number(double value) {
    return TextTable.number(value);
  }

  /** Three significant digits with a per cent sign; {@code -} for NaN. */
  static String percent(double part) {
    if (!Double.isFinite(part)) {
      return "-";
    }
    double value = 100 * part;
    int decimals = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %%", value);
  }

  /** {@code 26.4 s}, {@code 3.20 min} or {@code 2.50 h}. */
  static String time(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "-";
    }
    return seconds < FEW_SECONDS
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : seconds < 60 * FEW_SECONDS
            ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
            : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }

  static boolean looksLikeNumber(String cell) {
    return NUMBER.matcher(cell).matches();
  }

  /** {@code 1 epoch}, {@code 3 epochs}. */
  static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
