package dev.mona.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A page that grows from the top: sections with sentences, tables and charts. */
final class Page {
  /** Nothing is fetched and nothing is run, whatever a page may hold. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private final Markup markup = new Markup();

  /**
   * Begins a page.
   *
   * @param title of the window
   */
  Page(String title) {
    markup.markup("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    markup.empty("meta", "charset", "utf-8");
    markup.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    markup.empty("meta", "name", "color-scheme", "content", "light dark");
    markup.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    markup.element("title", title);
    markup.open("style").markup(style()).close().close();
    markup.open("body").open("main");
  }

  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins the head of the page with what it is about. */
  Page header(String eyebrow, String title) {
    markup.open("header").element("p", eyebrow, "class", "eyebrow").element("h1", title);
    return this;
  }

  /** Begins a section. */
  Page section(String id, String title) {
    markup.open("section", "id", id).element("h2", title);
    return this;
  }

  /** Ends the header, a section or a group. */
  Page end() {
    markup.close();
    return this;
  }

  /** Begins a group of charts side by side. */
  Page charts() {
    markup.open("div", "class", "charts");
    return this;
  }

  /** Begins a group of charts each as wide as the page. */
  Page wide() {
    markup.open("div", "class", "wide");
    return this;
  }

  /**
   * Seconds of parts with their share of the whole, as bars.
   *
   * @param whole of which they are parts
   */
  Page bars(Map<String, Double> seconds, double whole) {
    markup.open("dl", "class", "bars");
    seconds.forEach(
        (name, part) -> {
          double share = whole > 0 ? part / whole : 0;
          String width = String.format(Locale.ROOT, "--part:%.1f%%", 100 * share);
          markup.open("div", "style", width).element("dt", name);
          markup.element("dd", Figures.time(part) + ", " + Figures.percent(share)).close();
        });
    markup.close();
    return this;
  }

  Page sentence(String text) {
    markup.element("p", text);
    return this;
  }

  /** A sentence that says what is not there, or what to mind. */
  Page note(String text) {
    markup.element("p", text, "class", "note");
    return this;
  }

  /** A figure of the run in large. */
  record Tile(String name, String value, String detail) {}

  Page tiles(List<Tile> tiles) {
    markup.open("dl", "class", "tiles");
    for (Tile tile : tiles) {
      markup.open("div").element("dt", tile.name()).element("dd", tile.value(), "class", "value");
      markup.element("dd", tile.detail(), "class", "detail").close();
    }
    markup.close();
    return this;
  }

  /**
   * A chart.
   *
   * @param title what it shows
   * @param caption how to read it; empty for nothing
   */
  Page chart(String title, Plot chart, String caption) {
    markup.open("figure").element("h3", title);
    markup.markup(chart.svg(title));
    if (!caption.isEmpty()) {
      markup.element("figcaption", caption);
    }
    markup.close();
    return this;
  }

  /** A table; the first cell of a row is its head, what looks like a number is to the right. */
  Page table(List<String> header, List<List<String>> rows) {
    markup.open("div", "class", "scroll").open("table").open("thead").open("tr");
    header.forEach(cell -> markup.element("th", cell, "scope", "col"));
    markup.close().close().open("tbody");
    for (List<String> row : rows) {
      markup.open("tr").element("th", row.get(0), "scope", "row");
      for (String cell : row.subList(1, row.size())) {
        markup.element("td", cell, "class", Figures.looksLikeNumber(cell) ? "number" : "words");
      }
      markup.close();
    }
    markup.close().close().close();
    return this;
  }

  /** Names and values, one a line. */
  Page facts(List<Fact> facts) {
    markup.open("dl", "class", "facts");
    facts.forEach(
        fact -> markup.open("div").element("dt", fact.name()).element("dd", fact.value()).close());
    markup.close();
    return this;
  }

  /** A name and its value. */
  record Fact(String name, String value) {}

  /** Text in lines, to be copied. */
  Page code(String text) {
    markup.open("pre").open("code").lines(text).close().close();
    return this;
  }

  /** Begins what is shown when it is asked for. */
  Page details(String summary) {
    markup.open("details").element("summary", summary);
    return this;
  }

  /** A link to a file beside this one. */
  Page link(String target, String text) {
    markup.open("p").element("a", text, "href", target).close();
    return this;
  }

  /** The whole page. */
  String finish() {
    markup.close().close().close();
    return markup.toString();
  }
}
