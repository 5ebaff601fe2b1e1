package dev.mona.cli;

import dev.mona.Shown;
import dev.mona.report.TextTable;
import java.io.PrintWriter;
import java.util.Map;

/** Results on standard output. */
final class Output {
  private Output() {}

  static void scores(PrintWriter out, Map<String, Double> scores) {
    if (scores.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("score", "value");
    scores.forEach((name, value) -> table.row(name, TextTable.number(value)));
    out.print(table.render());
    out.flush();
  }

  static void pairs(PrintWriter out, Map<String, String> pairs) {
    int width = pairs.keySet().stream().mapToInt(String::length).max().orElse(0);
    pairs.forEach(
        (name, value) ->
            out.print(name + " ".repeat(width - name.length() + 2) + Shown.line(value) + "\n"));
    out.flush();
  }
}
