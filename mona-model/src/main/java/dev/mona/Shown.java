package dev.mona;

import java.util.Locale;

/**
 * Text from outside, made fit to be shown as it stands. What a terminal obeys or an eye does not
 * see is written as its number, such as {@code \u001b}: control characters of both blocks, marks
 * that change the direction of writing or have no width, and separators of lines.
 */
public final class Shown {
  private Shown() {}

  /** Text within a line or a cell: line feeds and tabs are written as their numbers too. */
  public static String line(String text) {
    return shown(text, false);
  }

  /** Text of several lines: line feeds, also of Windows, and tabs stay. */
  public static String lines(String text) {
    return shown(text, true);
  }

  private static String shown(String text, boolean severalLines) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      boolean windows = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (isVisible(c) || (severalLines && (c == '\n' || c == '\t' || windows))) {
        shown.appendCodePoint(c);
      } else {
        for (int j = i; j < i + width; j++) {
          shown.append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(j)));
        }
      }
      i += width;
    }
    return shown.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
