package dev.mona.report;

import java.util.Locale;

/** Numbers for people, the same in every locale. */
final class Numbers {
  private Numbers() {}

  /**
   * Four significant digits: {@code 0.08921}, {@code 1.235e-05}, {@code 12.35}; NaN as {@code -}.
   */
  static String significant(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "-" : value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int before = size < 1 ? 0 : (int) Math.floor(Math.log10(size)) + 1;
    int leadingZeros = size == 0 || size >= 1 ? 0 : (int) -Math.floor(Math.log10(size)) - 1;
    int decimals = Math.max(0, 4 - before + leadingZeros);
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** {@code 7s}, {@code 3m07s} or {@code 2h05m}. */
  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "-";
    }
    long s = Math.round(seconds);
    if (s < 60) {
      return s + "s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%dm%02ds", s / 60, s % 60)
        : String.format(Locale.ROOT, "%dh%02dm", s / 3600, s % 3600 / 60);
  }
}
