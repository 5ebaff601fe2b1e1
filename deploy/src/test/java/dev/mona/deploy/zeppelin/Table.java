package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A table that a paragraph printed.
 *
 * @param header names of the columns
 * @param rows cells by row
 */
record Table(List<String> header, List<List<String>> rows) {
  static final String PREFIX = '%' + "table ";

  /** Six digits are shown. */
  private static final double SHOWN = 1e-5;

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

  /** A column shows a value of each line, to the digits that are shown. */
  void assertColumn(String column, List<JsonNode> lines, ToDoubleFunction<JsonNode> value) {
    assertThat(lines).as(column).isNotEmpty();
    List<Double> shown = numbers(column);
    assertThat(shown).as(column).hasSameSizeAs(lines);
    for (int i = 0; i < shown.size(); i++) {
      double expected = value.applyAsDouble(lines.get(i));
      assertThat(Math.abs(shown.get(i) - expected))
          .as("%s, row %d: %s for %s", column, i, shown.get(i), expected)
          .isLessThanOrEqualTo(SHOWN * Math.abs(expected));
    }
  }
}
