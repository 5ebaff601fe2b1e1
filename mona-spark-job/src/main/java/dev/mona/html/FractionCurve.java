package dev.mona.html;

import dev.mona.html.Plot.Place;
import dev.mona.report.Comparison;
import dev.mona.report.Comparison.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Test error over the part of the training samples, where a comparison has several parts.
 *
 * @param comparison of methods with parts of the samples
 */
record FractionCurve(Comparison comparison) {
  private static final String KEY = "task.train-fraction=";

  void write(Page page, String metric) {
    TreeSet<Double> parts = new TreeSet<>();
    comparison.contenders().forEach(each -> parts.add(part(each)));
    if (parts.size() < 2) {
      return;
    }
    List<Double> order = List.copyOf(parts);
    Map<List<String>, List<Contender>> series = new LinkedHashMap<>();
    for (Contender each : comparison.contenders()) {
      List<String> rest =
          each.settings().stream().filter(setting -> !setting.startsWith(KEY)).toList();
      series.computeIfAbsent(rest, r -> new ArrayList<>()).add(each);
    }
    Lines lines = new Lines("part of the training samples", "test " + metric);
    int colour = 0;
    for (List<Contender> same : series.values()) {
      List<Place> places =
          same.stream()
              .map(
                  each ->
                      new Place(
                          order.indexOf(part(each)),
                          Comparison.mean(comparison.scores(each.name()))))
              .sorted((a, b) -> Double.compare(a.x(), b.x()))
              .toList();
      lines.curve(same.get(0).name().replaceFirst("-[0-9.]+pct$", ""), colour++, places);
    }
    if (!lines.isEmpty()) {
      lines.named(order.stream().map(Figures::percent).toList());
      page.chart("Test error by samples", lines.chart(), "Means over seeds.");
    }
  }

  private static double part(Contender of) {
    return of.settings().stream()
        .filter(setting -> setting.startsWith(KEY))
        .mapToDouble(setting -> Double.parseDouble(setting.substring(KEY.length())))
        .reduce(1, (first, last) -> last);
  }
}
