package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.data.Manifest;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of all rows found, added up where they are.
 *
 * <p>The fault that is told is that of the first row that has one.
 */
final class FrameScan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Values of a sample at most. */
  static final int MOST_VALUES = 1 << 24;

  private final TaskKind kind;
  private final boolean splits;
  private final Lengths features = new Lengths();
  private final Lengths labels = new Lengths();
  private final Map<Split, Long> samples = new EnumMap<>(Split.class);
  private long[] classes = new long[1];
  private long rows;
  private @Nullable String fault;
  private long faultRow = Long.MAX_VALUE;

  /**
   * @param splits whether a column says which split a row is of
   */
  FrameScan(TaskKind kind, boolean splits) {
    this.kind = kind;
    this.splits = splits;
  }

  void add(FrameRow row) {
    rows++;
    String found = fault(row);
    if (found != null && row.number() < faultRow) {
      fault = found;
      faultRow = row.number();
    }
  }

  private @Nullable String fault(FrameRow row) {
    if (row.id() == null) {
      return "no id";
    }
    if (splits) {
      Split split = split(row.split());
      if (split == null) {
        return "the split " + Quoted.of(String.valueOf(row.split()));
      }
      samples.merge(split, 1L, Long::sum);
    }
    double[] values = row.features();
    if (values == null) {
      return "no features";
    }
    features.add(values.length, row.number());
    for (int k = 0; k < values.length; k++) {
      if (!Double.isFinite(values[k])) {
        return "no finite number at position " + k + " of its features";
      }
    }
    return labelFault(row);
  }

  private @Nullable String labelFault(FrameRow row) {
    double[] values = row.labels();
    if (values == null) {
      return "no label";
    }
    labels.add(values.length, row.number());
    for (int k = 0; k < values.length; k++) {
      boolean fits =
          switch (kind) {
            case CLASSIFICATION ->
                values[k] >= 0 && values[k] < Manifest.MAX_OUTPUTS && values[k] == (int) values[k];
            case MULTI_LABEL -> values[k] == 0 || values[k] == 1;
            case DENSE -> Double.isFinite(values[k]);
          };
      if (!fits) {
        return "the value " + values[k] + " at position " + k + " of its label";
      }
    }
    if (kind == TaskKind.CLASSIFICATION) {
      int of = (int) values[0];
      classes = Arrays.copyOf(classes, Math.max(classes.length, of + 1));
      classes[of]++;
    } else {
      classes[0]++;
    }
    return null;
  }

  /** The split of a name; null if there is none. */
  static @Nullable Split split(@Nullable String name) {
    for (Split split : Split.values()) {
      if (split.id().equals(name)) {
        return split;
      }
    }
    return null;
  }

  FrameScan and(FrameScan other) {
    rows += other.rows;
    features.add(other.features);
    labels.add(other.labels);
    other.samples.forEach((split, count) -> samples.merge(split, count, Long::sum));
    classes = Arrays.copyOf(classes, Math.max(classes.length, other.classes.length));
    for (int c = 0; c < other.classes.length; c++) {
      classes[c] += other.classes[c];
    }
    if (other.faultRow < faultRow) {
      fault = other.fault;
      faultRow = other.faultRow;
    }
    return this;
  }

  /**
   * Refuses rows that are wrong: those of another number of features than the options say, or where
   * they say nothing, than the first row.
   */
  void require(FrameOptions options) {
    String input = options.input();
    int wanted = options.shape().map(SampleShape::length).orElse(0);
    if (rows == 0) {
      throw MonaException.data(input + " has no rows: name a DataFrame with samples");
    }
    if (rows > Integer.MAX_VALUE) {
      throw MonaException.data(
          input
              + " has "
              + rows
              + " rows, at most "
              + Integer.MAX_VALUE
              + " are read: convert a part");
    }
    long row = faultRow;
    String what = fault == null ? "" : "has " + fault + ", where there must be " + wanted();
    long featureRow = features.other(wanted == 0 ? features.first() : wanted);
    if (featureRow < row) {
      row = featureRow;
      what =
          "has "
              + features.at(featureRow)
              + (wanted == 0
                  ? " features and the first row " + features.first()
                  : " features and " + options.words().shape() + " " + wanted);
    }
    long labelRow = labels.other(labels.first());
    if (labelRow < row) {
      row = labelRow;
      what = "has " + labels.at(labelRow) + " labels and the first row " + labels.first();
    }
    if (row < Long.MAX_VALUE) {
      throw MonaException.data(
          "row " + row + " of " + input + " " + what + ": mend it or leave the row out");
    }
  }

  private String wanted() {
    return switch (kind) {
          case CLASSIFICATION ->
              "finite features and a class from 0 to " + (Manifest.MAX_OUTPUTS - 1);
          case MULTI_LABEL -> "finite features and labels of 0 and 1";
          case DENSE -> "finite features and labels";
        }
        + (splits ? ", and the split train, val or test" : "");
  }

  int featureLength() {
    return features.first();
  }

  int labelLength() {
    return labels.first();
  }

  /** Samples of each split that a column says. */
  Map<Split, Long> samples() {
    return samples;
  }

  /** Samples of each class; of all together where there are no classes. */
  int[] classes() {
    return Arrays.stream(classes).mapToInt(Math::toIntExact).toArray();
  }

  /** The two lengths that come first, each with its first row. */
  private static final class Lengths implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] length = {-1, -1};
    private final long[] row = {Long.MAX_VALUE, Long.MAX_VALUE};

    void add(int found, long at) {
      if (found == length[0]) {
        row[0] = Math.min(row[0], at);
      } else if (at < row[0]) {
        // it comes first, and what was first comes second
        length[1] = length[0];
        row[1] = row[0];
        length[0] = found;
        row[0] = at;
      } else if (at < row[1]) {
        length[1] = found;
        row[1] = at;
      }
    }

    void add(Lengths other) {
      for (int i = 0; i < 2; i++) {
        if (other.length[i] >= 0) {
          add(other.length[i], other.row[i]);
        }
      }
    }

    int first() {
      return Math.max(0, length[0]);
    }

    /** The first row of another length. */
    long other(int than) {
      return length[0] != than && length[0] >= 0 ? row[0] : row[1];
    }

    int at(long found) {
      return row[0] == found ? length[0] : length[1];
    }
  }
}
