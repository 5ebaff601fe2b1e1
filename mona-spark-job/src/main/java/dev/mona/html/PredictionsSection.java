package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.html.Plot.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What the finetuned model says of test samples: a table of what was taken for what, the labels
 * that were found and missed, or fields beside the true ones.
 *
 * @param predictions {@code metrics/predictions.json}; missing for older runs
 * @param classNames of provenance.json
 */
record PredictionsSection(JsonNode predictions, JsonNode classNames) {
  private static final int MOST_DRAWN = 40;
  private static final int MOST_COUNTED = 12;
  private static final int MOST_MISTAKES = 10;
  private static final int MOST_LABELS = 50;

  /** Half a cell, and how dark cells are. */
  private static final double HALF = 0.48;

  private static final double LEAST = 0.06;
  private static final double MOST = 0.75;

  void write(Page page) {
    page.section("predictions", "Predictions of the test split");
    if (predictions.path("classes").size() > 0) {
      classes(page, Decided.of(predictions, classNames));
    } else if (predictions.path("labels").size() > 0) {
      labels(page);
    } else if (predictions.path("fields").size() > 0) {
      new FieldsSection(predictions).write(page);
    } else {
      page.note(
          "Not kept: the run is older than this page, has not ended, or has more than"
              + " 200 classes. mona predict writes all predictions.");
    }
    page.end();
  }

  private static void classes(Page page, Decided decided) {
    page.sentence(
        decided.right() + " of " + Figures.count(decided.all(), "sample") + " are right.");
    page.charts();
    if (decided.counts().length <= MOST_DRAWN) {
      page.chart(
          "Confusion matrix",
          matrix(decided),
          "A row for each true class; the darker, the larger the part of it that was taken for the"
              + " class of the column.");
    }
    page.end();
    List<List<String>> rows = new ArrayList<>();
    for (Decided.Confused mistake : decided.mistakes(MOST_MISTAKES)) {
      rows.add(
          List.of(
              decided.names().get(mistake.from()),
              decided.names().get(mistake.to()),
              String.valueOf(mistake.count()),
              Figures.percent((double) mistake.count() / decided.of(mistake.from()))));
    }
    if (!rows.isEmpty()) {
      page.details("Most frequent mistakes");
      page.table(List.of("true class", "taken for", "samples", "of the class"), rows).end();
    }
    long none = 0;
    for (long[] row : decided.counts()) {
      none += row[row.length - 1];
    }
    if (none > 0) {
      page.note(Figures.count(none, "sample") + " got no class: a logit was not a number.");
    }
  }

  private static Plot matrix(Decided decided) {
    int classes = decided.counts().length;
    List<String> reversed = new ArrayList<>(decided.names());
    Collections.reverse(reversed);
    int side = Math.max(360, Math.min(900, 120 + 24 * classes));
    Plot plot =
        new Plot(
            side,
            side - 20,
            Axis.named("predicted", decided.names()),
            Axis.named("true", reversed));
    for (int k = 0; k < classes; k++) {
      double row = classes - 1.0 - k;
      for (int c = 0; c < classes; c++) {
        long count = decided.counts()[k][c];
        double part = decided.of(k) == 0 ? 0 : (double) count / decided.of(k);
        Place middle = new Place(c, row);
        plot.box(
            new Place(c - HALF, row - HALF),
            new Place(c + HALF, row + HALF),
            Plot.series(0),
            LEAST + (MOST - LEAST) * part);
        if (classes <= MOST_COUNTED) {
          plot.word(middle, String.valueOf(count));
        }
      }
    }
    return plot;
  }

  private void labels(Page page) {
    List<List<String>> rows = new ArrayList<>();
    JsonNode all = predictions.path("labels");
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < all.size(); k++) {
      order.add(k);
    }
    order.sort(Comparator.comparingLong((Integer k) -> -present(all.path(k))));
    for (int k : order.subList(0, Math.min(MOST_LABELS, order.size()))) {
      JsonNode row = all.path(k);
      long found = row.path(0).asLong();
      long wrong = row.path(2).asLong();
      rows.add(
          List.of(
              classNames.path(k).asText(String.valueOf(k)),
              String.valueOf(present(row)),
              part(found, present(row)),
              part(found, found + wrong)));
    }
    page.sentence("Of each label: how many samples have it, and how many of them were found.");
    page.table(List.of("label", "samples", "found", "right when said"), rows);
    if (order.size() > MOST_LABELS) {
      page.note("The " + MOST_LABELS + " most frequent of " + order.size() + " labels.");
    }
  }

  private static long present(JsonNode row) {
    return row.path(0).asLong() + row.path(1).asLong();
  }

  private static String part(long some, long all) {
    return all == 0 ? "-" : Figures.percent((double) some / all);
  }
}
