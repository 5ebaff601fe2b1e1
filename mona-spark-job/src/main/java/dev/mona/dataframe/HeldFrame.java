package dev.mona.dataframe;

import dev.mona.convert.ConvertOptions;
import dev.mona.convert.Narrowing;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.TargetDataSet;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * A DataFrame as a data set that is in no file: its samples stay with the executors until it is
 * closed. They are those that {@link FrameConverter} would write, to the last bit.
 */
public final class HeldFrame implements AutoCloseable {
  private static final String UNKNOWN = "not stated";

  private final JavaRDD<InternalRow> rows;
  private final TargetDataSet data;

  private HeldFrame(JavaRDD<InternalRow> rows, TargetDataSet data) {
    this.rows = rows;
    this.data = data;
  }

  /**
   * What the labels of a DataFrame are.
   *
   * @throws dev.mona.MonaException if a column is missing or of a type that is not read
   */
  public static TaskKind kind(StructType schema, FrameNames names, FrameOptions options) {
    return FrameColumns.check(schema, names, options.input()).kind(options);
  }

  /**
   * Checks a column of features alone.
   *
   * @param input what messages call the DataFrame
   * @throws dev.mona.MonaException if it is missing or of a type that is not read
   */
  public static void checkFeatures(StructType schema, String column, String input) {
    boolean unused = FrameColumns.checkFeatures(schema, column, input);
  }

  /**
   * Reads a DataFrame. Its rows are read several times: they are kept meanwhile, unless they are
   * kept already.
   *
   * @param name short name of the set
   * @throws dev.mona.MonaException if a column or a row is refused, the first that is wrong
   */
  public static HeldFrame of(
      Dataset<Row> frame, FrameNames names, FrameOptions options, String name) {
    // before anything is kept
    FrameColumns.Has has = FrameColumns.check(frame.schema(), names, options.input());
    TaskKind unused = has.kind(options);
    boolean keeps = frame.storageLevel().equals(StorageLevel.NONE());
    if (keeps) {
      frame.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      return hold(frame, names, options, name);
    } finally {
      if (keeps) {
        frame.unpersist(false);
      }
    }
  }

  private static HeldFrame hold(
      Dataset<Row> frame, FrameNames names, FrameOptions options, String name) {
    SparkSession spark = frame.sparkSession();
    Origin origin = new Origin(UNKNOWN, options.input(), UNKNOWN);
    FrameSet set =
        FrameSet.of(
            FrameColumns.of(frame, names, options.input()),
            options,
            new FrameSet.Named(name, origin),
            ConvertOptions::usualSamplesOfFile);
    FrameSamples samples = set.samples();
    Narrowed narrowed = new Narrowed(set.task(), samples.files());
    JavaRDD<InternalRow> rows = samples.rows().mapPartitionsWithIndex(narrowed::of, false);
    if (set.task().kind() == TaskKind.DENSE) {
      samples.rows().persist(StorageLevel.MEMORY_AND_DISK());
    }
    rows.persist(StorageLevel.MEMORY_AND_DISK());
    boolean held = false;
    try {
      Manifest manifest =
          new Manifest(
              name,
              origin,
              new Features(set.task().shape(), new Encoding.Plain(), null),
              set.card().prediction().with(set.scale()),
              Map.of());
      TargetDataSet data = TargetDataSet.of(spark, manifest, splits(set, rows));
      held = true;
      return new HeldFrame(rows, data);
    } finally {
      samples.rows().unpersist(false);
      if (!held) {
        rows.unpersist(false);
      }
    }
  }

  private static Map<Split, JavaRDD<InternalRow>> splits(FrameSet set, JavaRDD<InternalRow> rows) {
    FrameFiles files = set.samples().files();
    Map<Split, JavaRDD<InternalRow>> splits = new EnumMap<>(Split.class);
    for (Split split : set.sizes().keySet()) {
      splits.put(
          split,
          rows.mapPartitionsWithIndex(
              (file, part) ->
                  files.split(file) == split ? part : Collections.<InternalRow>emptyIterator(),
              true));
    }
    return splits;
  }

  /** The set, as long as this is open. */
  public TargetDataSet data() {
    return data;
  }

  /** Lets go of the samples. */
  @Override
  public void close() {
    rows.unpersist(false);
  }

  /** Rounds the doubles of a file's samples to floats, in Spark's internal form. */
  private record Narrowed(TaskSpec task, FrameFiles files) implements Serializable {
    Iterator<InternalRow> of(int file, Iterator<Tuple2<FramePlace, FrameRow>> rows) {
      String split = files.split(file).id();
      boolean dense = task.kind() == TaskKind.DENSE;
      Narrowing features =
          new Narrowing("features of " + split, "channel", task.shape().channels());
      Narrowing labels =
          new Narrowing(
              "labels of " + split, "output", dense ? task.outputs() : task.labelLength());
      int[] at = {0};
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
          .map(
              row -> {
                float[] x = new float[task.featureLength()];
                float[] y = new float[task.labelLength()];
                features.round(at[0], FrameSamples.features(row._2()), x);
                labels.round(at[0]++, FrameSamples.labels(row._2()), y);
                return internal(row._1().id(), x, y);
              })
          .iterator();
    }

    private InternalRow internal(long id, float[] features, float[] labels) {
      Object label =
          task.kind() == TaskKind.CLASSIFICATION
              ? (Object) (int) labels[0]
              : UnsafeArrayData.fromPrimitiveArray(labels);
      return new GenericInternalRow(
          new Object[] {id, UnsafeArrayData.fromPrimitiveArray(features), label});
    }
  }
}
