package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.html.Plot.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fields that were predicted beside the true ones, with where they differ: the best, the median and
 * the worst of some samples.
 *
 * @param predictions {@code metrics/predictions.json}
 */
record FieldsSection(JsonNode predictions) {
  private static final int SIDE = 220;
  private static final int MOST = 1 << 13;

  void write(Page page) {
    JsonNode fields = predictions.path("fields");
    int n = predictions.path("errors").size();
    page.sentence(
        Figures.count(n, "sample")
            + " evenly spread over the split; shown is the first output. Error: |predicted - true|"
            + " / |true| over all outputs.");
    List<String> ranks =
        switch (fields.size()) {
          case 1 -> List.of("The sample");
          case 2 -> List.of("Best", "Worst");
          default -> List.of("Best", "Median", "Worst");
        };
    for (int i = 0; i < Math.min(ranks.size(), fields.size()); i++) {
      field(page, ranks.get(i), fields.path(i));
    }
  }

  private static void field(Page page, String rank, JsonNode field) {
    int height = field.path("height").asInt();
    int width = field.path("width").asInt();
    double[] truth = values(field.path("true"));
    double[] predicted = values(field.path("predicted"));
    long points = (long) height * width;
    if (points < 1 || points > MOST || truth.length != points || predicted.length != points) {
      page.note("A field cannot be shown: its file is damaged.");
      return;
    }
    double[] apart = new double[truth.length];
    Arrays.setAll(apart, i -> predicted[i] - truth[i]);
    page.charts();
    String title =
        rank
            + ": sample "
            + field.path("id").asText()
            + ", error "
            + Figures.number(field.path("error").asDouble(Double.NaN));
    if (height == 1) {
      Lines lines = new Lines("point", "value");
      lines.curve("true", 0, places(truth)).curve("predicted", 1, places(predicted));
      page.chart(title, lines.chart(), "");
      page.chart(
          "Predicted - true",
          new Lines("point", "difference").curve("difference", 3, places(apart)).level(0).chart(),
          "");
    } else {
      double[] both = Arrays.copyOf(truth, 2 * truth.length);
      System.arraycopy(predicted, 0, both, truth.length, truth.length);
      double low = Arrays.stream(both).filter(Double::isFinite).min().orElse(0);
      double high = Arrays.stream(both).filter(Double::isFinite).max().orElse(1);
      double most = Arrays.stream(apart).filter(Double::isFinite).map(Math::abs).max().orElse(1);
      String range = Figures.number(low) + " (dark) to " + Figures.number(high) + " (bright)";
      page.chart(title + ", true", map(truth, width, Colours.rising(low, high)), range);
      page.chart("Predicted", map(predicted, width, Colours.rising(low, high)), range);
      page.chart(
          "Predicted - true",
          map(apart, width, Colours.signed(most)),
          "blue: " + Figures.number(-most) + ", red: " + Figures.number(most));
    }
    page.end();
  }

  private static double[] values(JsonNode array) {
    double[] values = new double[Math.min(array.size(), MOST + 1)];
    Arrays.setAll(values, i -> array.path(i).asDouble(Double.NaN));
    for (int i = 0; i < values.length; i++) {
      values[i] = array.path(i).isNumber() ? values[i] : Double.NaN;
    }
    return values;
  }

  private static List<Place> places(double[] values) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      places.add(new Place(i, values[i]));
    }
    return places;
  }

  /** A field as a picture, its first row on top. */
  private static Plot map(double[] values, int width, Colours colours) {
    int height = values.length / width;
    Axis bare = Axis.around("", 0, 1).bare();
    Plot plot = new Plot(SIDE, Math.max(40, SIDE * height / width), bare, bare);
    return plot.picture(colours.picture(values, width));
  }
}
