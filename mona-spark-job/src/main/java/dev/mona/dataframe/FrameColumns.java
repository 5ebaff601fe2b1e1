package dev.mona.dataframe;

import static org.apache.spark.sql.functions.col;

import dev.mona.MonaException;
import dev.mona.spark.RowsAtOnce;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import dev.mona.task.TaskKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * The columns of a DataFrame that make a data set, see {@link FrameNames}.
 *
 * @param rows with {@code id} where there is one
 * @param has which columns there are
 * @param read the rows as they are read, in no order
 */
record FrameColumns(Dataset<Row> rows, Has has, JavaRDD<FrameRow> read) {
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
  record Has(boolean vectors, boolean arrays, boolean id, boolean split) implements Serializable {

    /**
     * What is to be learnt.
     *
     * @throws MonaException if labels cannot be what the options say
     */
    TaskKind kind(FrameOptions options) {
      if (options.dense() && !arrays) {
        throw MonaException.configuration(
            "%s is for labels that are fields and those of %s are numbers: leave it out, or make them arrays"
                .formatted(options.words().dense(), options.input()));
      }
      if (!arrays) {
        return TaskKind.CLASSIFICATION;
      }
      return options.dense() ? TaskKind.DENSE : TaskKind.MULTI_LABEL;
    }
  }

  /**
   * Opens Parquet files and checks their columns: {@code features}, {@code labels} or {@code
   * label}, and where there are such, {@code id} and {@code split}.
   *
   * @throws MonaException if one is missing or of a type that is not read
   */
  static FrameColumns open(SparkSession spark, String input) {
    Dataset<Row> all;
    try {
      all = parquet(RowsAtOnce.session(spark, Integer.MAX_VALUE), input);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw new MonaException(
          MonaException.Category.DATA,
          input + " cannot be read as Parquet: name a Parquet file, or a folder of them",
          e);
    }
    List<String> there = Arrays.asList(all.columns());
    FrameNames names =
        new FrameNames(
            "features",
            there.contains("labels") ? "labels" : "label",
            Optional.of("id").filter(there::contains),
            Optional.of("split").filter(there::contains));
    Has has = check(all.schema(), names, input);
    all = parquet(RowsAtOnce.session(spark, longest(all, names)), input);
    Dataset<Row> numbered = select(all, names, has, List.of(RowNumbers.FILE, RowNumbers.INDEX));
    return new FrameColumns(
        numbered, has, new FrameReading(has).read(numbered, RowNumbers.ofFiles(spark, all)));
  }

  private static Dataset<Row> parquet(SparkSession spark, String input) {
    return spark.read().option(Location.NO_PATTERNS, false).parquet(Location.of(input).toString());
  }

  /** Values of the longest column of the first row. All rows of a data set have as many. */
  private static int longest(Dataset<Row> rows, FrameNames names) {
    List<Row> first =
        SparkJob.described(
            rows.sparkSession().sparkContext(),
            "measure a row",
            () ->
                rows.select(named(names.features()), named(names.label()))
                    .limit(1)
                    .collectAsList());
    return first.isEmpty() ? 0 : Math.max(length(first.get(0), 0), length(first.get(0), 1));
  }

  private static int length(Row row, int column) {
    Object value = row.get(column);
    if (value instanceof Vector vector) {
      return vector.size();
    }
    if (value instanceof Row vector) { // of a file that does not say that it is one
      return vector.isNullAt(3) ? 1 : vector.getList(3).size();
    }
    return value instanceof Seq<?> values ? values.size() : 1;
  }

  /**
   * Checks the columns of a DataFrame.
   *
   * @param input what messages call it
   * @throws MonaException if one is missing or of a type that is not read
   */
  static FrameColumns of(Dataset<Row> frame, FrameNames names, String input) {
    Has has = check(frame.schema(), names, input);
    Dataset<Row> rows = select(frame, names, has, List.of());
    RowNumbers numbers =
        SparkJob.described(
            frame.sparkSession().sparkContext(), "count rows", () -> RowNumbers.asTheyCome(rows));
    return new FrameColumns(rows, has, new FrameReading(has).read(rows, numbers));
  }

  /** The columns that are read, under names of their own. */
  static Dataset<Row> select(Dataset<Row> frame, FrameNames names, Has has, List<String> first) {
    List<Column> columns = new ArrayList<>();
    first.forEach(name -> columns.add(col(name)));
    Column features = named(names.features());
    columns.add((has.vectors() ? features : features.cast("array<double>")).as("features"));
    columns.add(named(names.label()).cast(has.arrays() ? "array<double>" : "double").as("label"));
    names.id().ifPresent(name -> columns.add(named(name).cast("bigint").as("id")));
    names.split().ifPresent(name -> columns.add(named(name).as("split")));
    return frame.select(columns.toArray(Column[]::new));
  }

  /** A column of a name that may have dots. */
  private static Column named(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /**
   * Checks the types of columns.
   *
   * @throws MonaException if one is missing or of a type that is not read
   */
  static Has check(StructType schema, FrameNames names, String input) {
    boolean vectors = checkFeatures(schema, names.features(), input);
    String labels = type(schema, input, names.label(), "a number or an array of numbers");
    boolean arrays = NUMBERS.matcher(labels).matches();
    require(
        arrays || ONE.matcher(labels).matches(),
        input,
        names.label(),
        labels,
        "a number or an array of numbers");
    names
        .id()
        .ifPresent(
            name -> {
              String id = type(schema, input, name, "a whole number");
              require(WHOLE.matcher(id).matches(), input, name, id, "a whole number");
            });
    names
        .split()
        .ifPresent(
            name -> {
              String split = type(schema, input, name, "a text");
              require(split.equals("string"), input, name, split, "a text");
            });
    return new Has(vectors, arrays, names.id().isPresent(), names.split().isPresent());
  }

  /** Whether features are vectors of Spark ML; otherwise they are arrays. */
  static boolean checkFeatures(StructType schema, String column, String input) {
    String wanted = "an array of numbers or a vector of Spark ML";
    String features = type(schema, input, column, wanted);
    boolean vectors = features.equals(VECTOR);
    require(vectors || NUMBERS.matcher(features).matches(), input, column, features, wanted);
    return vectors;
  }

  private static String type(StructType schema, String input, String column, String wanted) {
    for (StructField field : schema.fields()) {
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
}
