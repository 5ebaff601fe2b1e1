package dev.mona.report;

import dev.mona.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A {@link Comparison} as a picture: a row a method, a dot a run, a bar at the mean, and a thin
 * line between the runs of one seed. Written as SVG text: drawing with AWT needs fonts, which slim
 * images of the JDK lack.
 */
public final class ComparisonPlot {
  private static final int NAMES = 170;
  private static final int LETTER = 8;
  private static final int RIGHT = 60;
  private static final int PLOT = 470;
  private static final int TOP = 56;
  private static final int ROW = 44;
  private static final int TICKS = 5;
  private static final int NOTE = 16;

  private final Comparison comparison;
  private final double low;
  private final double high;
  private final int left;
  private final StringBuilder svg = new StringBuilder();

  private ComparisonPlot(Comparison comparison) {
    this.comparison = comparison;
    double[] all =
        comparison.methods().stream()
            .flatMapToDouble(method -> Arrays.stream(comparison.scores(method)))
            .filter(Double::isFinite)
            .toArray();
    double least = Arrays.stream(all).min().orElse(0);
    double most = Arrays.stream(all).max().orElse(1);
    double margin = most > least ? 0.08 * (most - least) : Math.max(1e-3, 0.1 * Math.abs(most));
    low = least - margin;
    high = most + margin;
    int longest = comparison.methods().stream().mapToInt(String::length).max().orElse(0);
    left = Math.max(NAMES, LETTER * longest + 28);
  }

  public static String svg(Comparison comparison) {
    return new ComparisonPlot(comparison).draw();
  }

  private String draw() {
    List<String> methods = comparison.methods();
    List<String> compared = comparison.compared();
    int bottom = TOP + ROW * methods.size();
    int width = left + PLOT + RIGHT;
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\">",
        width, bottom + 50 + NOTE * compared.size());
    line("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
    line(
        "<text x=\"%d\" y=\"26\" font-size=\"15\">%s, %s</text>",
        left, escaped(comparison.task()), seeds());
    for (int t = 0; t < TICKS; t++) {
      double value = low + t * (high - low) / (TICKS - 1);
      line(
          "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"#dddddd\"/>",
          x(value), TOP - 12, bottom - 8);
      line(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(value), bottom + 12, TextTable.number(value));
    }
    line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s (lower is better)</text>",
        left + PLOT / 2, bottom + 36, escaped(comparison.score().id().replace('_', ' ')));
    for (int m = 0; m < compared.size(); m++) {
      line(
          "<text x=\"14\" y=\"%d\" font-size=\"11\">%s</text>",
          bottom + 38 + NOTE * (m + 1), escaped(note(compared.get(m))));
    }
    pairs(methods);
    for (int m = 0; m < methods.size(); m++) {
      row(methods.get(m), y(m));
    }
    line("</svg>");
    return svg.toString();
  }

  /** What is known of the difference to what a method is compared with. */
  private String note(String method) {
    return comparison
        .difference(method)
        .map(
            d ->
                "%s: difference to %s %s, %s, sign-flip test p %s"
                    .formatted(
                        method,
                        comparison.contender(method).baseline(),
                        TextTable.number(d.mean()),
                        d.interval()
                            .map(i -> "Student's 95 % interval " + Comparison.text(i))
                            .orElse("no interval from " + d.pairs() + " seeds"),
                        TextTable.number(d.signFlip())))
        .orElse(method + ": no pairs of seeds");
  }

  private String seeds() {
    List<String> seeds = comparison.seeds().stream().map(String::valueOf).toList();
    return (seeds.size() == 1 ? "seed " : "seeds ") + String.join(", ", seeds);
  }

  private void pairs(List<String> methods) {
    for (int m = 1; m < methods.size(); m++) {
      double[] above = comparison.scores(methods.get(m - 1));
      double[] here = comparison.scores(methods.get(m));
      for (int i = 0; i < here.length; i++) {
        if (Double.isFinite(above[i]) && Double.isFinite(here[i])) {
          line(
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#bbbbbb\"/>",
              x(above[i]), y(m - 1), x(here[i]), y(m));
        }
      }
    }
  }

  private void row(String method, int y) {
    line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", left - 14, y + 4, escaped(method));
    for (double score : comparison.scores(method)) {
      if (Double.isFinite(score)) {
        line("<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"#2a6fbb\"/>", x(score), y);
      }
    }
    double mean = Comparison.mean(comparison.scores(method));
    if (Double.isFinite(mean)) {
      line(
          "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"#c0392b\""
              + " stroke-width=\"3\"/>",
          x(mean), y - 12, y + 12);
    }
  }

  private static int y(int row) {
    return TOP + ROW * row + ROW / 2 - 8;
  }

  private double x(double value) {
    return left + PLOT * (value - low) / (high - low);
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    // XML has no form at all for most control characters
    return Shown.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
