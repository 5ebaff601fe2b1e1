package dev.mona.dataframe;

import static org.apache.spark.sql.functions.col;

import dev.mona.MonaException;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a DataFrame that make a data set: {@code features}, an array of numbers or a
 * vector of Spark ML; {@code label} or {@code labels}, a number or an array of numbers; and where
 * there are such, {@code id} and {@code split}.
 *
 * @param rows with {@link #FILE} and {@link #INDEX} first, then the columns
 * @param has which of them there are
 * @param starts number of the first row of each file
 */
record FrameColumns(Dataset<Row> rows, Has has, Map<String, Long> starts) {
  private static final String FILE = "_metadata.file_path";
  private static final String INDEX = "_metadata.row_index";
  private static final int FIRST = 2;

  /** Vectors of Spark ML as they are stored: sparse ones have type 0, dense ones 1. */
  private static final String VECTOR =
      "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";

  private static final String NUMBER =
      "(double|float|bigint|int|smallint|tinyint|boolean|decimal.*)";
  private static final Pattern NUMBERS = Pattern.compile("array<" + NUMBER + ">");
  private static final Pattern ONE = Pattern.compile(NUMBER);
  private static final Pattern WHOLE = Pattern.compile("bigint|int|smallint|tinyint");

  /**
   * What a row has.
   *
   * @param vectors whether features are vectors of Spark ML
   * @param arrays whether labels are arrays
   * @param id whether there is a column of ids
   * @param split whether there is a column of splits
   */
  record Has(boolean vectors, boolean arrays, boolean id, boolean split) implements Serializable {}

  /**
   * Opens Parquet files and checks their columns.
   *
   * @throws MonaException if one is missing or of a type that is not read
   */
  static FrameColumns open(SparkSession spark, String input) {
    Dataset<Row> all;
    try {
      all = spark.read().option(Location.NO_PATTERNS, false).parquet(Location.of(input).toString());
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw new MonaException(
          MonaException.Category.DATA,
          input + " cannot be read as Parquet: name a Parquet file, or a folder of them",
          e);
    }
    String features = type(all, input, "features", "an array of numbers or a vector of Spark ML");
    boolean vectors = features.equals(VECTOR);
    require(
        vectors || NUMBERS.matcher(features).matches(),
        input,
        "features",
        features,
        "an array of numbers or a vector of Spark ML");
    String label = names(all).contains("labels") ? "labels" : "label";
    String labels = type(all, input, label, "a number or an array of numbers");
    boolean arrays = NUMBERS.matcher(labels).matches();
    require(
        arrays || ONE.matcher(labels).matches(),
        input,
        label,
        labels,
        "a number or an array of numbers");
    Has has = new Has(vectors, arrays, names(all).contains("id"), names(all).contains("split"));
    List<Column> columns = new ArrayList<>(List.of(col(FILE), col(INDEX)));
    columns.add(vectors ? col("features") : col("features").cast("array<double>"));
    columns.add(col(label).cast(arrays ? "array<double>" : "double"));
    if (has.id()) {
      String id = type(all, input, "id", "a whole number");
      require(WHOLE.matcher(id).matches(), input, "id", id, "a whole number");
      columns.add(col("id").cast("bigint").as("id"));
    }
    if (has.split()) {
      String split = type(all, input, "split", "a text");
      require(split.equals("string"), input, "split", split, "a text");
      columns.add(col("split"));
    }
    return new FrameColumns(all.select(columns.toArray(Column[]::new)), has, starts(spark, all));
  }

  private static List<String> names(Dataset<Row> rows) {
    return Arrays.asList(rows.columns());
  }

  private static String type(Dataset<Row> rows, String input, String column, String wanted) {
    for (StructField field : rows.schema().fields()) {
      if (field.name().equals(column)) {
        return field.dataType().catalogString();
      }
    }
    throw MonaException.data(input + " has no column " + column + ": it needs one, " + wanted);
  }

  private static void require(
      boolean fits, String input, String column, String type, String wanted) {
    if (!fits) {
      throw MonaException.data(
          "%s has the column %s of type %s: it must be %s, cast it"
              .formatted(input, column, type, wanted));
    }
  }

  /** Rows are numbered by the names of the files, whatever the order in which they are read. */
  private static Map<String, Long> starts(SparkSession spark, Dataset<Row> rows) {
    Map<String, Long> counts = new TreeMap<>();
    SparkJob.described(
            spark.sparkContext(),
            "count rows",
            () -> rows.groupBy(col(FILE)).count().collectAsList())
        .forEach(file -> counts.put(file.getString(0), file.getLong(1)));
    long start = 0;
    for (Map.Entry<String, Long> file : counts.entrySet()) {
      long size = file.getValue();
      file.setValue(start);
      start += size;
    }
    return counts;
  }

  /** The rows, in no order. */
  JavaRDD<FrameRow> read() {
    Has with = has;
    Map<String, Long> numbers = starts;
    return rows.queryExecution().toRdd().toJavaRDD().map(row -> read(row, with, numbers));
  }

  private static FrameRow read(InternalRow row, Has has, Map<String, Long> starts) {
    long number =
        Objects.requireNonNull(starts.get(row.getUTF8String(0).toString())) + row.getLong(1);
    int features = FIRST;
    int labels = FIRST + 1;
    int id = FIRST + 2;
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
