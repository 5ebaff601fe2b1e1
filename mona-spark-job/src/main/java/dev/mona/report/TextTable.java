package dev.mona.report;

import dev.mona.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table in plain text, columns two spaces apart. A column is right-aligned when all its cells
 * start like a number. A cell is one line of text that is seen, see {@link Shown}.
 */
public final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = Arrays.stream(header).map(Shown::line).toList();
  }

  /** Adds a row with one cell a column. */
  public TextTable row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
    }
    rows.add(Arrays.stream(cells).map(Shown::line).toList());
    return this;
  }

  /** Four significant digits, the same in every locale; {@code -} for NaN. */
  public static String number(double value) {
    return Numbers.significant(value);
  }

  /** {@code 7s}, {@code 3m07s} or {@code 2h05m}. */
  public static String duration(double seconds) {
    return Numbers.duration(seconds);
  }

  /** The lines, the last one ended by a line feed. */
  public String render() {
    int[] widths = new int[header.size()];
    boolean[] right = new boolean[header.size()];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      widths[c] =
          Math.max(
              header.get(c).length(),
              rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
      right[c] = !rows.isEmpty() && rows.stream().allMatch(r -> numeric(r.get(column)));
    }
    StringBuilder text = new StringBuilder();
    line(text, header, widths, right);
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    line(text, rule, widths, right);
    rows.forEach(row -> line(text, row, widths, right));
    return text.toString();
  }

  private static boolean numeric(String cell) {
    return cell.equals("-") || cell.matches("[+-]?\\.?[0-9].*");
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - cells.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(right[c] ? padding + cells.get(c) : cells.get(c) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
