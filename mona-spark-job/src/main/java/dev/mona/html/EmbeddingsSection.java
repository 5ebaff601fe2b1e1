package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mona.html.Plot.Place;
import dev.mona.report.EmbeddingsJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Samples of both modalities in one plane, before and after the alignment.
 *
 * @param embeddings {@code metrics/embeddings.json}; missing for older runs
 */
record EmbeddingsSection(JsonNode embeddings) {
  private static final int SIDE = 380;
  private static final int MOST_CLASSES = 6;
  private static final int MOST_POINTS = 2000;

  void write(Page page) {
    page.section("embeddings", "Embeddings before and after");
    Map<String, JsonNode> sets = new LinkedHashMap<>();
    embeddings.path("sets").forEach(set -> sets.put(set.path("name").asText(), set));
    JsonNode source = sets.getOrDefault(EmbeddingsJson.SOURCE, MissingNode.getInstance());
    List<String> targets = EmbeddingsJson.TARGETS.stream().filter(sets::containsKey).toList();
    if (source.isMissingNode() || targets.isEmpty()) {
      page.note(
          "Not kept: the run is older than this page, has not ended, or measures no discrepancy"
              + " (evaluation.retention, evaluation.discrepancy-samples).");
      page.end();
      return;
    }
    page.sentence(
        "What the pretrained encoder makes of source samples (grey) and of target samples behind the"
            + " embedder, in the plane in which they vary most together: "
            + share(0)
            + " and "
            + share(1)
            + " of the variance. The axes are the same in all.");
    page.charts();
    double[] bounds = bounds(sets);
    for (String name : targets) {
      page.chart(title(name), chart(source, sets.getOrDefault(name, source), bounds), "");
    }
    page.end().end();
  }

  private String share(int k) {
    return Figures.percent(embeddings.path("shares").path(k).asDouble(Double.NaN));
  }

  private static String title(String name) {
    return switch (name) {
      case "initial" -> "Before: a new embedder";
      case "aligned" -> "After alignment";
      default -> "At the end: the finetuned embedder";
    };
  }

  /** Least and most of both axes over all sets. */
  private static double[] bounds(Map<String, JsonNode> sets) {
    double[] bounds = {
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (JsonNode set : sets.values()) {
      for (JsonNode point : set.path("points")) {
        for (int k = 0; k < 2; k++) {
          if (point.path(k).isNumber()) {
            bounds[2 * k] = Math.min(bounds[2 * k], point.path(k).asDouble());
            bounds[2 * k + 1] = Math.max(bounds[2 * k + 1], point.path(k).asDouble());
          }
        }
      }
    }
    return bounds[0] <= bounds[1] ? bounds : new double[] {0, 1, 0, 1};
  }

  private static Plot chart(JsonNode source, JsonNode target, double[] bounds) {
    Axis x = Axis.around("first axis", bounds[0], bounds[1]).bare();
    Axis y = Axis.around("second axis", bounds[2], bounds[3]).bare();
    Plot plot = new Plot(SIDE, SIDE, x, y);
    plot.legend("source", Plot.MUTED);
    for (Place place : places(source)) {
      plot.dot(place, Plot.MUTED, 2.4, 0.5);
    }
    TreeSet<String> classes = new TreeSet<>();
    target.path("labels").forEach(label -> classes.add(label.asText()));
    List<String> sorted = List.copyOf(classes);
    boolean byClass = sorted.size() >= 2 && sorted.size() <= MOST_CLASSES;
    List<Place> places = places(target);
    for (int i = 0; i < places.size(); i++) {
      String name = target.path("labels").path(i).asText();
      int colour = byClass ? Math.max(0, sorted.indexOf(name)) : 0;
      plot.dot(places.get(i), Plot.series(colour), 3, 0.8);
    }
    for (int k = 0; k < (byClass ? sorted.size() : 1); k++) {
      plot.legend(byClass ? "target: " + sorted.get(k) : "target", Plot.series(k));
    }
    return plot;
  }

  private static List<Place> places(JsonNode set) {
    List<Place> places = new ArrayList<>();
    for (JsonNode point : set.path("points")) {
      Place place =
          new Place(point.path(0).asDouble(Double.NaN), point.path(1).asDouble(Double.NaN));
      if (place.isFinite() && places.size() < MOST_POINTS) {
        places.add(place);
      }
    }
    return places;
  }
}
