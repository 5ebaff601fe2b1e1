package dev.mona.dataframe;

import java.io.Serializable;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows out of Spark's internal form: numbers where rows have them, features, label, id,
 * split.
 */
record FrameReading(FrameColumns.Has has) implements Serializable {

  /** The rows, in no order. */
  JavaRDD<FrameRow> read(Dataset<Row> rows, RowNumbers numbers) {
    FrameReading reading = this;
    return rows.queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitionsWithIndex((partition, part) -> reading.read(part, partition, numbers), false);
  }

  private Iterator<FrameRow> read(Iterator<InternalRow> rows, int partition, RowNumbers numbers) {
    AtomicLong at = new AtomicLong();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .map(row -> read(row, numbers.of(row, partition, at.getAndIncrement()), numbers.columns()))
        .iterator();
  }

  private FrameRow read(InternalRow row, long number, int features) {
    int labels = features + 1;
    int id = features + 2;
    int split = id + (has.id() ? 1 : 0);
    return new FrameRow(
        number,
        !has.id() ? (Long) number : row.isNullAt(id) ? null : (Long) row.getLong(id),
        has.split() && !row.isNullAt(split) ? row.getUTF8String(split).toString() : null,
        row.isNullAt(features)
            ? null
            : has.vectors() ? vector(row.getStruct(features, 4)) : values(row.getArray(features)),
        row.isNullAt(labels)
            ? null
            : has.arrays() ? values(row.getArray(labels)) : new double[] {row.getDouble(labels)});
  }

  private static double[] values(ArrayData array) {
    double[] values = new double[array.numElements()];
    for (int k = 0; k < values.length; k++) {
      values[k] = array.isNullAt(k) ? Double.NaN : array.getDouble(k);
    }
    return values;
  }

  private static double @Nullable [] vector(InternalRow vector) {
    boolean sparse = vector.getByte(0) == 0;
    double[] values = values(vector.getArray(3));
    if (!sparse) {
      return values;
    }
    int size = vector.getInt(1);
    int[] indices = vector.getArray(2).toIntArray();
    if (size < 0 || size > FrameScan.MOST_VALUES || indices.length != values.length) {
      return null;
    }
    double[] all = new double[size];
    for (int k = 0; k < indices.length; k++) {
      if (indices[k] < 0 || indices[k] >= size) {
        return null;
      }
      all[indices[k]] = values[k];
    }
    return all;
  }
}
