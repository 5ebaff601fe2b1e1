package dev.mona.data;

import dev.mona.task.FieldNorm;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of a split found; its size does not depend on the number of samples.
 *
 * @param samples number of them
 * @param positives samples of each class, or with each label; all 0 for dense sets
 * @param problem the problem of the sample with the lowest id that has one
 * @param spans pairs of the lowest and the highest id of each partition of rows, when ids ascend
 *     within all of them; empty when they do not
 */
record SplitScan(long samples, long[] positives, Optional<String> problem, Optional<long[]> spans) {

  /** Of a split that is not there. */
  static final SplitScan NONE =
      new SplitScan(0, new long[0], Optional.empty(), Optional.of(new long[0]));

  static SplitScan merge(List<Partial> partials) {
    return partials.stream().reduce(Partial::and).map(Partial::scan).orElse(NONE);
  }

  /**
   * Whether the ids of several splits are known to be distinct: their spans do not meet. Ids that a
   * conversion numbers are known so, and need no second look.
   */
  static boolean distinct(Collection<SplitScan> scans) {
    if (!scans.stream().allMatch(scan -> scan.spans.isPresent())) {
      return false;
    }
    List<long[]> spans = new ArrayList<>();
    for (SplitScan scan : scans) {
      long[] ends = scan.spans.orElseThrow();
      for (int i = 0; i < ends.length; i += 2) {
        spans.add(new long[] {ends[i], ends[i + 1]});
      }
    }
    spans.sort(Comparator.comparingLong(span -> span[0]));
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i)[0] <= spans.get(i - 1)[1]) {
        return false;
      }
    }
    return true;
  }

  /** The scan of some rows, grown row by row where they lie. */
  static final class Partial implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A label smaller than this part of the usual size is beyond what floats of that size tell. */
    private static final double SMALLEST_SHARE = 1e-6;

    private final TaskSpec task;
    private final String where;
    private final long[] positives;
    private long samples;
    private long[] spans = new long[0];
    private boolean ascending = true;
    private @Nullable String problem;
    private long problemId;

    Partial(TaskSpec task, String where) {
      this.task = task;
      this.where = where;
      positives = new long[task.outputs()];
    }

    /** Adds what another one found. */
    Partial and(Partial other) {
      for (int c = 0; c < positives.length; c++) {
        positives[c] += other.positives[c];
      }
      samples += other.samples;
      ascending &= other.ascending;
      spans =
          ascending
              ? LongStream.concat(LongStream.of(spans), LongStream.of(other.spans)).toArray()
              : new long[0];
      if (other.problem != null && (problem == null || other.problemId < problemId)) {
        problem = other.problem;
        problemId = other.problemId;
      }
      return this;
    }

    SplitScan scan() {
      return new SplitScan(
          samples,
          positives,
          Optional.ofNullable(problem),
          ascending ? Optional.of(spans) : Optional.empty());
    }

    void add(InternalRow row) {
      if (row.isNullAt(0)) {
        refuse(Long.MIN_VALUE, "has a sample without an id");
        return;
      }
      long id = row.getLong(0);
      addId(id);
      addFeatures(id, row);
      addLabel(id, row);
    }

    private void addId(long id) {
      if (samples == 0) {
        spans = new long[] {id, id};
      } else {
        ascending &= id > spans[1];
        spans[1] = id;
      }
      samples++;
    }

    private void addFeatures(long id, InternalRow row) {
      if (row.isNullAt(1)) {
        refuse(id, "has no features in sample " + id);
        return;
      }
      ArrayData features = row.getArray(1);
      int wanted = task.featureLength();
      if (features.numElements() != wanted) {
        refuse(
            id,
            "has "
                + features.numElements()
                + " features in sample "
                + id
                + ", the manifest says "
                + task.shape()
                + " = "
                + wanted);
        return;
      }
      for (int k = 0; k < wanted; k++) {
        boolean missing = features.isNullAt(k);
        if (missing || !Float.isFinite(features.getFloat(k))) {
          refuse(
              id,
              "has "
                  + (missing ? "no value" : "the value " + features.getFloat(k))
                  + " in sample "
                  + id
                  + ", channel "
                  + k / task.shape().points()
                  + ", position "
                  + k % task.shape().points());
          return;
        }
      }
    }

    private void addLabel(long id, InternalRow row) {
      if (row.isNullAt(2)) {
        refuse(id, "has no label for sample " + id);
        return;
      }
      switch (task.kind()) {
        case CLASSIFICATION -> {
          int label = row.getInt(2);
          if (label < 0 || label >= task.outputs()) {
            refuse(
                id,
                "has the label "
                    + label
                    + " for sample "
                    + id
                    + ", "
                    + task.outputs()
                    + " classes have labels 0 to "
                    + (task.outputs() - 1));
            return;
          }
          positives[label]++;
        }
        case MULTI_LABEL -> {
          ArrayData labels = row.getArray(2);
          if (!hasLength(id, labels)) {
            return;
          }
          for (int k = 0; k < task.outputs(); k++) {
            if (labels.isNullAt(k) || (labels.getFloat(k) != 0 && labels.getFloat(k) != 1)) {
              refuse(id, label(id, labels, k) + ", labels are 0 or 1");
              return;
            }
            positives[k] += labels.getFloat(k) == 1 ? 1 : 0;
          }
        }
        case DENSE -> {
          ArrayData labels = row.getArray(2);
          if (!hasLength(id, labels)) {
            return;
          }
          double squares = 0;
          for (int k = 0; k < task.labelLength(); k++) {
            if (labels.isNullAt(k) || !Float.isFinite(labels.getFloat(k))) {
              refuse(id, label(id, labels, k) + ", labels are numbers");
              return;
            }
            squares += (double) labels.getFloat(k) * labels.getFloat(k);
          }
          addFieldNorm(id, Math.sqrt(squares));
        }
      }
    }

    /**
     * A relative error is divided by the norm of the label. A norm of 0 has none, which losses and
     * metrics know; a very small one would outweigh all other samples or be no number.
     */
    private void addFieldNorm(long id, double norm) {
      double usual = usualSize() * Math.sqrt(task.labelLength());
      double least = Math.max(FieldNorm.SMALLEST, SMALLEST_SHARE * usual);
      if (norm > 0 && norm < least) {
        refuse(
            id,
            "has a label of norm "
                + (float) norm
                + " for sample "
                + id
                + ", where "
                + (float) usual
                + " is usual, so that errors relative to it mean nothing");
      }
    }

    /** Root mean square of the training labels, 0 where their scale is not known. */
    private double usualSize() {
      TargetScale scale = task.scale();
      if (scale.isNone()) {
        return 0;
      }
      double squares = 0;
      for (int k = 0; k < scale.mean().size(); k++) {
        double mean = scale.mean().get(k);
        double deviation = scale.sd().get(k);
        squares += (mean * mean + deviation * deviation) / scale.mean().size();
      }
      return Math.sqrt(squares);
    }

    private boolean hasLength(long id, ArrayData labels) {
      if (labels.numElements() != task.labelLength()) {
        refuse(
            id,
            "has "
                + labels.numElements()
                + " labels for sample "
                + id
                + ", the manifest says "
                + task.labelLength());
        return false;
      }
      return true;
    }

    private static String label(long id, ArrayData labels, int k) {
      String value = labels.isNullAt(k) ? "null" : String.valueOf(labels.getFloat(k));
      return "has the value " + value + " for label " + k + " of sample " + id;
    }

    private void refuse(long id, String what) {
      if (problem == null || id < problemId) {
        problem = where + " " + what + ": mend it or leave the sample out";
        problemId = id;
      }
    }
  }
}
