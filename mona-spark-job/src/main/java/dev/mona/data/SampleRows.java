package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.storage.Location;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskSpec;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import scala.Tuple2;

/**
 * The rows of one split. Rows are taken in Spark's internal form, in which an array of floats is
 * copied in one piece; as {@link Row}s every value would be an object.
 */
final class SampleRows {
  private static final int ID = 0;
  private static final int FEATURES = 1;
  private static final int LABEL = 2;
  private static final int MAX_BLOCK = Integer.MAX_VALUE - 8;

  private final SparkSession spark;
  private final Dataset<Row> rows;
  private final TaskSpec task;
  private final String where;

  private SampleRows(SparkSession spark, Dataset<Row> rows, TaskSpec task, String where) {
    this.spark = spark;
    this.rows = rows;
    this.task = task;
    this.where = where;
  }

  /** Opens a Parquet file and checks its columns. */
  static SampleRows open(SparkSession spark, String path, TaskSpec task, String where) {
    Dataset<Row> all;
    try {
      all = spark.read().option(Location.NO_PATTERNS, false).parquet(path);
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw new MonaException(
          MonaException.Category.DATA,
          where + " cannot be read as Parquet: convert the data again",
          e);
    }
    String label = ManifestJson.labelColumn(task.kind());
    check(all, "id", "bigint", where);
    check(all, "features", "array<float>", where);
    check(all, label, ManifestJson.labelType(task.kind()), where);
    return new SampleRows(spark, all.select("id", "features", label), task, where);
  }

  private static void check(Dataset<Row> rows, String column, String wanted, String where) {
    Optional<String> found = Optional.empty();
    for (StructField field : rows.schema().fields()) {
      if (field.name().equals(column)) {
        DataType type = field.dataType();
        found = Optional.of(type.catalogString());
      }
    }
    if (found.isEmpty()) {
      throw MonaException.data(
          where + " has no column " + column + ": it needs one of type " + wanted);
    }
    if (!found.get().equals(wanted)) {
      throw MonaException.data(
          where
              + " has the column "
              + column
              + " of type "
              + found.get()
              + ": it must be "
              + wanted
              + ", cast it or convert the data again");
    }
  }

  /** Values of a sample's features and label. */
  int valuesOfSample() {
    return task.featureLength() + task.labelLength();
  }

  /** Reads every value once. */
  SplitScan scan() {
    TaskSpec spec = task;
    String file = where;
    List<SplitScan.Partial> partials;
    try {
      partials =
          internal()
              .mapPartitions(
                  part -> {
                    SplitScan.Partial partial = new SplitScan.Partial(spec, file);
                    part.forEachRemaining(partial::add);
                    return List.of(partial).iterator();
                  })
              .collect();
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw new MonaException(
          MonaException.Category.DATA,
          where + " cannot be read to its end: see the cause in the log, or convert the data again",
          e);
    }
    return SplitScan.merge(partials);
  }

  /** The dealt samples: one block a partition, in the order of the partitions. */
  JavaRDD<SampleBlock> deal(Dealing dealing) {
    TaskSpec spec = task;
    Broadcast<Dealing> dealt =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(dealing);
    return internal()
        .filter(row -> dealt.value().contains(row.getLong(ID)))
        .mapToPair(row -> new Tuple2<>(dealt.value().partition(row.getLong(ID)), read(row, spec)))
        .partitionBy(new HashPartitioner(dealing.partitions()))
        .mapPartitionsWithIndex(
            (index, samples) -> List.of(block(index, samples, dealt.value(), spec)).iterator(),
            true);
  }

  private static SampleBlock block(
      int partition, Iterator<Tuple2<Integer, Read>> samples, Dealing dealing, TaskSpec task) {
    int size = dealing.size(partition);
    int f = task.featureLength();
    int l = task.labelLength();
    if ((long) size * Math.max(f, l) > MAX_BLOCK) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "partition %d would hold %d samples of %d values, more than one array takes: set run.partitions to more",
              partition,
              size,
              Math.max(f, l)));
    }
    long[] ids = new long[size];
    float[] features = new float[size * f];
    float[] labels = new float[size * l];
    int seen = 0;
    for (; samples.hasNext(); seen++) {
      Read sample = samples.next()._2();
      int at = dealing.position(sample.id());
      ids[at] = sample.id();
      System.arraycopy(sample.features(), 0, features, at * f, f);
      System.arraycopy(sample.labels(), 0, labels, at * l, l);
    }
    if (seen != size) {
      throw new IllegalStateException(
          "partition " + partition + " has " + seen + " samples of " + size + ": the data changed");
    }
    return new SampleBlock(ids, features, labels);
  }

  private JavaRDD<InternalRow> internal() {
    return rows.queryExecution().toRdd().toJavaRDD();
  }

  /** A checked row, copied out of Spark's buffers. */
  private record Read(long id, float[] features, float[] labels) implements Serializable {}

  private static Read read(InternalRow row, TaskSpec task) {
    float[] labels =
        switch (task.kind()) {
          case CLASSIFICATION -> new float[] {row.getInt(LABEL)};
          case MULTI_LABEL, DENSE -> row.getArray(LABEL).toFloatArray();
        };
    return new Read(row.getLong(ID), row.getArray(FEATURES).toFloatArray(), labels);
  }
}
