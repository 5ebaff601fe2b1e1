package dev.mona.ml;

import dev.mona.MonaException;
import dev.mona.task.SampleShape;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Takes the features out of rows.
 *
 * @param column where they are
 * @param shape of a sample
 */
record RowFeatures(int column, SampleShape shape) implements Serializable {

  /**
   * Puts the features of a row into an array.
   *
   * @param at where its first value goes
   * @throws MonaException if they are not those of a sample
   */
  void read(Row row, float[] into, int at) {
    if (row.isNullAt(column)) {
      throw refused("no features");
    }
    Object features = Objects.requireNonNull(row.get(column));
    if (features instanceof Vector vector) {
      double[] values = vector.toArray();
      requireLength(values.length);
      for (int k = 0; k < values.length; k++) {
        into[at + k] = finite(values[k], k);
      }
      return;
    }
    Seq<?> values = (Seq<?>) features;
    requireLength(values.size());
    for (int k = 0; k < shape.length(); k++) {
      into[at + k] = finite(number(values.apply(k)), k);
    }
  }

  private static double number(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private void requireLength(int found) {
    if (found != shape.length()) {
      throw refused(found + " features");
    }
  }

  private float finite(double value, int at) {
    float rounded = (float) value;
    if (!Float.isFinite(rounded)) {
      throw refused("no finite number at position " + at + " of its features");
    }
    return rounded;
  }

  private MonaException refused(String what) {
    return MonaException.data(
        String.format(
            Locale.ROOT,
            "a row of %s has %s, where there must be %d finite ones (%s): mend it or leave the row out",
            HasMonaParams.INPUT,
            what,
            shape.length(),
            shape));
  }
}
