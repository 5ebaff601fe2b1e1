package dev.mona.example;

import java.util.ArrayList;
import java.util.List;

/** Columns of a query as one text. */
public final class Columns {
  private Columns() {}

  /** Splits at the commas that separate columns, not at those within parentheses. */
  public static String[] split(String columns) {
    List<String> result = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= columns.length(); i++) {
      if (i == columns.length() || (columns.charAt(i) == ',' && depth == 0)) {
        result.add(columns.substring(start, i));
        start = i + 1;
      } else if (columns.charAt(i) == '(') {
        depth++;
      } else if (columns.charAt(i) == ')') {
        depth--;
      }
    }
    return result.toArray(String[]::new);
  }
}
