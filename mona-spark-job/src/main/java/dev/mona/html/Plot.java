package dev.mona.html;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart as SVG within a page: marks between two axes. Its colours are variables of the page's
 * style sheet, so that one picture serves light and dark. Coordinates have one decimal; text is in
 * units of which its size is 11 or 12.
 */
final class Plot {
  /** Text. */
  static final String INK = "var(--ink)";

  /** What is said by the way. */
  static final String MUTED = "var(--muted)";

  /** How many series have a colour of their own. */
  static final int SERIES = 8;

  /** A place by the values of both axes. */
  record Place(double x, double y) {
    boolean isFinite() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  private static final double LETTER = 6.3;
  private static final int LINE = 16;

  private final int width;
  private final int height;
  private final Axis x;
  private final Axis y;
  private final Map<String, Swatch> legend = new LinkedHashMap<>();
  private final StringBuilder marks = new StringBuilder();

  /**
   * An empty chart.
   *
   * @param width of the whole; it is shown as wide as there is room
   */
  Plot(int width, int height, Axis x, Axis y) {
    this.width = width;
    this.height = height;
    this.x = x;
    this.y = y;
  }

  /** The colour of the k-th series; they begin anew after {@link #SERIES}. */
  static String series(int k) {
    return "var(--s" + Math.floorMod(k, SERIES) + ")";
  }

  /** What stands for a series below the chart; hollow where its curve is dashed. */
  private record Swatch(String paint, boolean hollow) {
    String look() {
      return hollow
          ? "fill=\"none\" stroke=\"" + paint + "\" stroke-width=\"2\""
          : "fill=\"" + paint + "\"";
    }
  }

  /** Names a colour below the chart. Names may come from data. */
  Plot legend(String name, String paint) {
    legend.putIfAbsent(name, new Swatch(paint, false));
    return this;
  }

  /** Names a colour whose curve is dashed. */
  Plot dashedLegend(String name, String paint) {
    legend.putIfAbsent(name, new Swatch(paint, true));
    return this;
  }

  /** A curve through places. */
  Plot curve(List<Place> places, String paint, double thickness, double opacity) {
    return curve(places, paint, "", thickness, opacity);
  }

  /** A dashed curve, for a series whose colour another one has, too. */
  Plot dashed(List<Place> places, String paint, double thickness, double opacity) {
    return curve(places, paint, " stroke-dasharray=\"6 4\"", thickness, opacity);
  }

  private Plot curve(
      List<Place> places, String paint, String dashes, double thickness, double opacity) {
    StringBuilder path = new StringBuilder();
    for (Place place : places) {
      path.append(path.length() == 0 ? 'M' : 'L').append(at(place, " "));
    }
    return mark(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-opacity=\"%.2f\""
            + " stroke-linejoin=\"round\"%s/>",
        path, paint, thickness, opacity, dashes);
  }

  /** A dot. */
  Plot dot(Place place, String paint, double radius, double opacity) {
    return mark(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"%.2f\"/>",
        across(place.x()), down(place.y()), radius, paint, opacity);
  }

  /** A ring around a place. */
  Plot ring(Place place, String paint, double radius) {
    return mark(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"%s\""
            + " stroke-width=\"1.8\"/>",
        across(place.x()), down(place.y()), radius, paint);
  }

  /** A dashed line at a height. */
  Plot level(double value) {
    return mark(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%2$.1f\" stroke=\""
            + MUTED
            + "\""
            + " stroke-dasharray=\"5 4\"/>",
        (double) left(),
        down(value),
        (double) right());
  }

  /** A filled box between two places. */
  Plot box(Place from, Place to, String paint, double opacity) {
    double x0 = across(from.x());
    double y1 = down(from.y());
    double x1 = across(to.x());
    double y0 = down(to.y());
    return mark(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\""
            + " fill-opacity=\"%.2f\"/>",
        x0, y0, x1 - x0, y1 - y0, paint, opacity);
  }

  /** A word in the middle of a place. */
  Plot word(Place place, String text) {
    return mark(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" dy=\"0.35em\">%s</text>",
        across(place.x()), down(place.y()), Markup.escaped(text));
  }

  /** A picture over all that is between the axes, its pixels kept apart. */
  Plot picture(String dataUrl) {
    return mark(
        "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\""
            + " style=\"image-rendering:pixelated\" href=\"%s\"/>",
        left(), top(), right() - left(), bottom() - top(), dataUrl);
  }

  private Plot mark(String format, Object... values) {
    marks.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  private String at(Place place, String between) {
    return String.format(Locale.ROOT, "%.1f%s%.1f", across(place.x()), between, down(place.y()));
  }

  private double across(double value) {
    return left() + x.part(value) * (right() - left());
  }

  private double down(double value) {
    return bottom() - y.part(value) * (bottom() - top());
  }

  private int left() {
    int labels = y.ticks().isEmpty() ? 0 : (int) Math.ceil(LETTER * y.longest()) + 8;
    return labels + (y.name().isEmpty() ? 0 : LINE + 4);
  }

  private int right() {
    return width - (x.ticks().isEmpty() ? 0 : 10);
  }

  private int top() {
    return y.ticks().isEmpty() ? 0 : 8;
  }

  private int bottom() {
    return height
        - (x.ticks().isEmpty() ? 0 : slanted() ? (int) (0.7 * LETTER * x.longest()) + 14 : LINE + 4)
        - (x.name().isEmpty() ? 0 : LINE + 2)
        - legendRows() * (LINE + 4);
  }

  /** Labels that would run into each other are slanted. */
  private boolean slanted() {
    int room = right() - left();
    return x.ticks().size() > 1 && LETTER * (x.longest() + 1) * x.ticks().size() > room;
  }

  private int legendRows() {
    if (legend.isEmpty()) {
      return 0;
    }
    int rows = 1;
    double at = 0;
    for (String name : legend.keySet()) {
      double wide = wide(name);
      if (at > 0 && at + wide > width) {
        rows++;
        at = 0;
      }
      at += wide;
    }
    return rows;
  }

  private static double wide(String name) {
    return 30 + LETTER * name.length();
  }

  /**
   * The SVG.
   *
   * @param description what it shows, for those who do not see it
   */
  String svg(String description) {
    Markup svg = new Markup();
    svg.open(
        "svg",
        "class",
        "plot",
        "viewBox",
        "0 0 " + width + " " + height,
        "role",
        "img",
        "aria-label",
        description);
    axes(svg);
    svg.markup(marks.toString());
    legend(svg);
    return svg.close().toString();
  }

  private void axes(Markup svg) {
    for (Axis.Tick tick : y.ticks()) {
      line(svg, left(), down(tick.at()), right(), down(tick.at()));
      text(svg, left() - 6.0, down(tick.at()), "end", "0.35em", tick.label(), 0);
    }
    for (Axis.Tick tick : x.ticks()) {
      line(svg, across(tick.at()), top(), across(tick.at()), bottom());
      if (slanted()) {
        text(svg, across(tick.at()) + 4, bottom() + 8.0, "end", "0.6em", tick.label(), -42);
      } else {
        text(svg, across(tick.at()), bottom() + 5.0, "middle", "0.8em", tick.label(), 0);
      }
    }
    int below = height - legendRows() * (LINE + 4);
    if (x.ticks().isEmpty() && !x.name().isEmpty()) {
      line(svg, left(), bottom(), right(), bottom());
      line(svg, left(), top(), left(), bottom());
    }
    if (!x.name().isEmpty()) {
      text(svg, (left() + right()) / 2.0, below - 5.0, "middle", "0", x.name(), 0);
    }
    if (!y.name().isEmpty()) {
      text(svg, 8, (top() + bottom()) / 2.0, "middle", "0.35em", y.name(), -90);
    }
  }

  private void legend(Markup svg) {
    double at = 0;
    int row = 0;
    int first = height - legendRows() * (LINE + 4);
    for (Map.Entry<String, Swatch> entry : legend.entrySet()) {
      double wide = wide(entry.getKey());
      if (at > 0 && at + wide > width) {
        row++;
        at = 0;
      }
      double middle = first + row * (LINE + 4) + LINE / 2.0 + 2;
      svg.markup(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" rx=\"2\" %s/>\n",
              at + 4,
              middle - 5,
              entry.getValue().look()));
      svg.markup(
          String.format(
              Locale.ROOT,
              "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" dy=\"0.35em\">%s</text>\n",
              at + 19,
              middle,
              Markup.escaped(entry.getKey())));
      at += wide;
    }
  }

  private static void line(Markup svg, double x0, double y0, double x1, double y1) {
    svg.markup(
        String.format(
            Locale.ROOT,
            "<line class=\"rule\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            x0,
            y0,
            x1,
            y1));
  }

  private static void text(
      Markup svg, double x, double y, String anchor, String dy, String text, int degrees) {
    String turned =
        degrees == 0
            ? ""
            : String.format(Locale.ROOT, " transform=\"rotate(%d %.1f %.1f)\"", degrees, x, y);
    svg.markup(
        String.format(
            Locale.ROOT,
            "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" dy=\"%s\"%s>%s</text>\n",
            x,
            y,
            anchor,
            dy,
            turned,
            Markup.escaped(text)));
  }
}
