package dev.mona.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a chart.
 *
 * @param name what it counts or measures; may be empty
 * @param low the value at its beginning
 * @param high the value at its end, larger
 * @param ticks values with a label, ascending
 */
record Axis(String name, double low, double high, List<Tick> ticks) {
  private static final int MOST_WHOLE = 7;
  private static final int LONGEST_NAME = 18;
  private static final double MARGIN = 0.05;

  Axis {
    ticks = List.copyOf(ticks);
  }

  /** A labelled value. */
  record Tick(double at, String label) {}

  /**
   * An axis that holds some values with a margin, and has about five ticks at multiples of 1, 2 or
   * 5 times a power of ten.
   */
  static Axis around(String name, double least, double most) {
    double size = Math.max(Math.abs(least), Math.abs(most));
    boolean point = most - least <= 1e-9 * size || most <= least;
    double margin = point ? Math.max(1e-9, 0.1 * size) : MARGIN * (most - least);
    double low = least - margin;
    double high = most + margin;
    BigDecimal step = step((high - low) / 5);
    List<Tick> ticks = new ArrayList<>();
    BigDecimal at = BigDecimal.valueOf(low).divide(step, 0, RoundingMode.CEILING).multiply(step);
    for (; at.doubleValue() <= high; at = at.add(step)) {
      ticks.add(new Tick(at.doubleValue(), label(at)));
    }
    return new Axis(name, low, high, ticks);
  }

  /** From zero, for bars. */
  static Axis upTo(String name, double most) {
    Axis axis = around(name, 0, most > 0 ? most : 1);
    return new Axis(
        name, 0, axis.high(), axis.ticks().stream().filter(tick -> tick.at() >= 0).toList());
  }

  private static BigDecimal step(double about) {
    BigDecimal decade = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(about)));
    double part = about / decade.doubleValue();
    return decade.multiply(
        BigDecimal.valueOf(part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10));
  }

  private static String label(BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    String text = plain.toPlainString();
    return text.length() > 8 ? plain.round(new MathContext(3)).toString() : text;
  }

  /** From 0 to a whole number, with at most seven ticks at whole numbers. */
  static Axis whole(String name, double last) {
    double end = Math.max(1, last);
    double margin = 0.02 * end;
    List<Tick> ticks = new ArrayList<>();
    for (int at : breaks(end)) {
      ticks.add(new Tick(at, String.valueOf(at)));
    }
    return new Axis(name, -margin, end + margin, ticks);
  }

  /** At most seven whole numbers from 0 to the last. */
  static List<Integer> breaks(double last) {
    int step = 1;
    int[] factors = {2, 5, 10};
    int decade = 1;
    for (int k = 0; last / step > MOST_WHOLE - 1; k++) {
      step = decade * factors[k % factors.length];
      decade *= k % factors.length == 2 ? 10 : 1;
    }
    List<Integer> breaks = new ArrayList<>();
    for (int at = 0; at <= last + 1e-9; at += step) {
      breaks.add(at);
    }
    return breaks;
  }

  /** A place for each name, from 0 on. Names may come from data. */
  static Axis named(String name, List<String> names) {
    List<Tick> ticks = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      ticks.add(new Tick(k, cut(names.get(k))));
    }
    return new Axis(name, -0.5, names.size() - 0.5, ticks);
  }

  /** The same axis without ticks. */
  Axis bare() {
    return new Axis(name, low, high, List.of());
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) > LONGEST_NAME
        ? name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…"
        : name;
  }

  /** Where a value lies, 0 at the beginning and 1 at the end. */
  double part(double value) {
    return (value - low) / (high - low);
  }

  /** Characters of the longest label. */
  int longest() {
    return ticks.stream().mapToInt(tick -> tick.label().length()).max().orElse(0);
  }
}
