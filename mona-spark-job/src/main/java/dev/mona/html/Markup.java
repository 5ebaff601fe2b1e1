package dev.mona.html;

import dev.mona.Shown;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * HTML that is XML as well. Text and values of attributes are escaped here; names of elements and
 * attributes come from code.
 */
final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Markup open(String element, String... attributes) {
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      out.append(escaped(attributes[i + 1])).append('"');
    }
    out.append('>');
    open.push(element);
    return this;
  }

  /** Closes the element that was opened last. */
  Markup close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** An element that never holds anything, such as {@code meta}. */
  Markup empty(String element, String... attributes) {
    open(element, attributes);
    open.pop();
    out.setCharAt(out.length() - 1, '/');
    out.append(">\n");
    return this;
  }

  /** An element with text alone. */
  Markup element(String element, String text, String... attributes) {
    return open(element, attributes).text(text).close();
  }

  /** Text in one line. */
  Markup text(String text) {
    out.append(escaped(text));
    return this;
  }

  /** Text in lines. */
  Markup lines(String text) {
    out.append(entities(Shown.lines(text)));
    return this;
  }

  /** What is markup already, from code or from {@link Plot}. */
  Markup markup(String markup) {
    out.append(markup);
    return this;
  }

  /**
   * Text as it stands in markup: what has no form in XML or is not seen is written as its number.
   */
  static String escaped(String text) {
    return entities(Shown.line(text));
  }

  private static String entities(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
