package dev.mona.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Counted decisions of a task with classes: how many samples of a class were taken for which.
 *
 * @param counts {@code [true class][chosen class]}, a last column for samples without a choice
 * @param names of the classes; numbers where they have none
 */
record Decided(long[][] counts, List<String> names) {
  Decided {
    names = List.copyOf(names);
  }

  /**
   * From a run's files.
   *
   * @param predictions {@code metrics/predictions.json}
   * @param classNames of provenance.json; may be missing
   */
  static Decided of(JsonNode predictions, JsonNode classNames) {
    JsonNode rows = predictions.path("classes");
    long[][] counts = new long[rows.size()][rows.size() + 1];
    List<String> names = new ArrayList<>();
    for (int k = 0; k < counts.length; k++) {
      for (int c = 0; c < counts[k].length; c++) {
        counts[k][c] = Math.max(0, rows.path(k).path(c).asLong());
      }
      names.add(classNames.path(k).asText(String.valueOf(k)));
    }
    return new Decided(counts, names);
  }

  /** Samples of a class. */
  long of(int k) {
    long sum = 0;
    for (long count : counts[k]) {
      sum += count;
    }
    return sum;
  }

  /** All samples. */
  long all() {
    long sum = 0;
    for (int k = 0; k < counts.length; k++) {
      sum += of(k);
    }
    return sum;
  }

  /** Samples whose class was found. */
  long right() {
    long sum = 0;
    for (int k = 0; k < counts.length; k++) {
      sum += counts[k][k];
    }
    return sum;
  }

  /** The error of one who always chooses the most frequent class; NaN without samples. */
  double constantError() {
    long most = 0;
    for (int k = 0; k < counts.length; k++) {
      most = Math.max(most, of(k));
    }
    return 1 - (double) most / all();
  }

  /** Samples of a class that were taken for another. */
  record Confused(int from, int to, long count) {}

  /** The most frequent mistakes, most frequent first. */
  List<Confused> mistakes(int most) {
    List<Confused> all = new ArrayList<>();
    for (int k = 0; k < counts.length; k++) {
      for (int c = 0; c < counts.length; c++) {
        if (c != k && counts[k][c] > 0) {
          all.add(new Confused(k, c, counts[k][c]));
        }
      }
    }
    return all.stream()
        .sorted(Comparator.comparingLong(Confused::count).reversed())
        .limit(most)
        .toList();
  }
}
