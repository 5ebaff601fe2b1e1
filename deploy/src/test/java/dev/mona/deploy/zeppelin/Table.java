package dev.mona.deploy.zeppelin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table that a paragraph printed.
 *
 * @param header names of the columns
 * @param rows cells by row
 */
record Table(List<String> header, List<List<String>> rows) {
  static final String PREFIX = '%' + "table ";

  /** Reads the output of Zeppelin's display system {@code table}, without its name. */
  static Table parse(String text) {
    List<List<String>> lines = new ArrayList<>();
    for (String line : text.stripTrailing().split("\n", -1)) {
      lines.add(Arrays.asList(line.split("\t", -1)));
    }
    return new Table(lines.get(0), lines.subList(1, lines.size()));
  }

  /** The cells of a column. */
  List<String> column(String name) {
    int k = header.indexOf(name);
    if (k < 0) {
      throw new AssertionError("no column " + name + " in " + header);
    }
    return rows.stream().map(row -> row.get(k)).toList();
  }

  /** The cells of a column of numbers. */
  List<Double> numbers(String name) {
    return column(name).stream().map(Double::valueOf).toList();
  }
}
