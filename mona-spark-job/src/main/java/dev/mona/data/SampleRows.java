package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.data.StratifiedSplit.Part;
import dev.mona.spark.RowsAtOnce;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The rows of one split. Rows are taken in Spark's internal form, in which an array of floats is
 * copied in one piece; as {@link Row}s every value would be an object.
 */
final class SampleRows {
  private static final int ID = 0;
  private static final int FEATURES = 1;
  private static final int LABEL = 2;
  private static final int MAX_BLOCK = Integer.MAX_VALUE - 8;
  private static final String REMEMBERED = "spark.serializer.objectStreamReset";
  private static final int USUALLY_REMEMBERED = 100;

  /** 16 MiB of each stream, of which a task may have several open. */
  private static final int REMEMBERED_VALUES = 1 << 22;

  private static final ClassTag<Integer> INTEGER = ClassTag$.MODULE$.apply(Integer.class);
  private static final ClassTag<Tuple2<Integer, Read>> RANKED =
      ClassTag$.MODULE$.apply(Tuple2.class);

  private final JavaRDD<InternalRow> rows;
  private final SampleIds ids;
  private final TaskSpec task;
  private final String where;

  private SampleRows(JavaRDD<InternalRow> rows, SampleIds ids, TaskSpec task, String where) {
    this.rows = rows;
    this.ids = ids;
    this.task = task;
    this.where = where;
  }

  /**
   * Rows that are held somewhere: {@code long} id, an array of floats, and an {@code int} class or
   * an array of floats.
   *
   * @param where what messages call them
   */
  static SampleRows of(JavaRDD<InternalRow> rows, TaskSpec task, String where) {
    boolean classes = task.kind() == TaskKind.CLASSIFICATION;
    JavaRDD<InternalRow> ids =
        rows.map(
            row ->
                new GenericInternalRow(
                    classes
                        ? new Object[] {row.getLong(ID), row.getInt(LABEL)}
                        : new Object[] {row.getLong(ID)}));
    return new SampleRows(rows, new SampleIds(ids, classes), task, where);
  }

  /** Opens Parquet files and checks their columns. */
  static SampleRows open(SparkSession spark, List<String> paths, TaskSpec task, String where) {
    Dataset<Row> all;
    try {
      all =
          RowsAtOnce.session(spark, Math.max(task.featureLength(), task.labelLength()))
              .read()
              .option(Location.NO_PATTERNS, false)
              .parquet(paths.toArray(String[]::new));
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
    SampleIds ids =
        task.kind() == TaskKind.CLASSIFICATION
            ? SampleIds.of(all.select("id", label), true)
            : SampleIds.of(all.select("id"), false);
    JavaRDD<InternalRow> rows =
        all.select("id", "features", label).queryExecution().toRdd().toJavaRDD();
    return new SampleRows(rows, ids, task, where);
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

  /** The ids alone; no other column but the classes is read for them. */
  SampleIds ids() {
    return ids;
  }

  /** Reads every value once. */
  SplitScan scan() {
    TaskSpec spec = task;
    String file = where;
    if (rows.getNumPartitions() == 0) {
      return SplitScan.NONE;
    }
    try {
      return rows.mapPartitions(
              part -> {
                SplitScan.Partial partial = new SplitScan.Partial(spec, file);
                part.forEachRemaining(partial::add);
                return List.of(partial).iterator();
              })
          .treeReduce(SplitScan.Partial::and)
          .scan();
    } catch (Exception e) { // Spark throws checked exceptions that Java does not see
      throw new MonaException(
          MonaException.Category.DATA,
          where + " cannot be read to its end: see the cause in the log, or convert the data again",
          e);
    }
  }

  /**
   * The samples of a part in an order, as they are dealt; partitions of the result are Dealing's.
   */
  JavaRDD<SampleBlock> deal(Part part, SampleKey key, Dealing dealing) {
    TaskSpec spec = task;
    RDD<Tuple2<Integer, Tuple2<Integer, Read>>> placed =
        ranked(part, key)
            .mapToPair(ranked -> new Tuple2<>(dealing.partition(ranked._1()), ranked))
            .rdd();
    ShuffledRDD<Integer, Tuple2<Integer, Read>, Tuple2<Integer, Read>> dealt =
        new ShuffledRDD<Integer, Tuple2<Integer, Read>, Tuple2<Integer, Read>>(
                placed, new HashPartitioner(dealing.partitions()), INTEGER, RANKED, RANKED)
            .setSerializer(serializer());
    ClassTag<Tuple2<Integer, Tuple2<Integer, Read>>> tag = ClassTag$.MODULE$.apply(Tuple2.class);
    return JavaRDD.fromRDD(dealt, tag)
        .mapPartitionsWithIndex(
            (index, samples) -> blocks(index, samples, dealing, spec).iterator(), true);
  }

  /**
   * Spark's own, which remembers the objects that it wrote or read in case that one comes again: of
   * long samples, fewer than its usual 100.
   */
  private Serializer serializer() {
    SparkConf conf = rows.context().getConf();
    int usual = conf.getInt(REMEMBERED, USUALLY_REMEMBERED);
    if (usual > 0) {
      int most = Math.max(1, REMEMBERED_VALUES / valuesOfSample());
      conf.set(REMEMBERED, String.valueOf(Math.min(usual, most)));
    }
    return new JavaSerializer(conf);
  }

  /** No samples. */
  JavaRDD<SampleBlock> none() {
    return JavaSparkContext.fromSparkContext(rows.context()).emptyRDD();
  }

  /** The samples of some ranks, in the order of the ranks; few, since the driver gets them. */
  SampleBlock pick(Part part, SampleKey key, Set<Integer> ranks) {
    return SparkJob.described(
        rows.context(),
        "read some samples",
        () ->
            block(
                ranked(part, key).filter(ranked -> ranks.contains(ranked._1())).collect().stream()
                    .sorted(Comparator.comparingInt(Tuple2::_1))
                    .map(Tuple2::_2)
                    .toList()));
  }

  /** The first samples of a part in an order; few, since the driver gets them. */
  SampleBlock first(Part part, SampleKey key, int size) {
    JavaRDD<Read> found = firstRows(part, key, size);
    return SparkJob.described(
        found.context(),
        "read samples for batches that stay fixed",
        () ->
            block(
                found.collect().stream()
                    .sorted(Comparator.comparingLong(sample -> key.of(sample.id())))
                    .toList()));
  }

  /** The labels of the first samples of a part in an order, one after the other in one array. */
  JavaRDD<float[]> firstLabels(Part part, SampleKey key, int size) {
    int length = task.labelLength();
    int samples = Math.min(size, part.size());
    return firstRows(part, key, size)
        .mapToPair(sample -> new Tuple2<>(key.of(sample.id()), sample.labels()))
        .repartitionAndSortWithinPartitions(new HashPartitioner(1))
        .mapPartitions(
            sorted -> {
              float[] labels = new float[samples * length];
              for (int at = 0; sorted.hasNext(); at += length) {
                System.arraycopy(sorted.next()._2(), 0, labels, at, length);
              }
              return List.of(labels).iterator();
            });
  }

  private JavaRDD<Read> firstRows(Part part, SampleKey key, int size) {
    TaskSpec spec = task;
    Choice choice = part.choice();
    long last = size < part.size() ? ids.last(part, key, size) : Long.MAX_VALUE;
    return rows.filter(
            row ->
                key.of(row.getLong(ID)) <= last
                    && choice.takes(stratum(row, spec), row.getLong(ID)))
        .map(row -> read(row, spec));
  }

  private static int stratum(InternalRow row, TaskSpec task) {
    return task.kind() == TaskKind.CLASSIFICATION ? row.getInt(LABEL) : 0;
  }

  /** The samples of a part with their ranks, where their rows are. */
  private JavaRDD<Tuple2<Integer, Read>> ranked(Part part, SampleKey key) {
    TaskSpec spec = task;
    return rows.zipPartitions(
        ids.ranks(part, key), (part0, ranks) -> ranked(part0, ranks.next(), key, spec));
  }

  private static Iterator<Tuple2<Integer, Read>> ranked(
      Iterator<InternalRow> rows, Ranks ranks, SampleKey key, TaskSpec task) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .filter(row -> ranks.of(key.of(row.getLong(ID))) >= 0)
        .map(row -> new Tuple2<>(ranks.of(key.of(row.getLong(ID))), read(row, task)))
        .iterator();
  }

  private static List<SampleBlock> blocks(
      int partition,
      Iterator<Tuple2<Integer, Tuple2<Integer, Read>>> samples,
      Dealing dealing,
      TaskSpec task) {
    List<SampleBlock> blocks = new ArrayList<>();
    int size = 0;
    for (int samplesOfBlock : dealing.blocks(partition)) {
      size += samplesOfBlock;
      blocks.add(empty(samplesOfBlock, task));
    }
    int seen = 0;
    for (; samples.hasNext(); seen++) {
      Tuple2<Integer, Read> sample = samples.next()._2();
      int rank = sample._1();
      put(sample._2(), blocks.get(dealing.block(rank)), dealing.position(rank));
    }
    if (seen != size) {
      throw new IllegalStateException(
          "partition " + partition + " has " + seen + " samples of " + size + ": the data changed");
    }
    return blocks;
  }

  private static SampleBlock empty(int size, TaskSpec task) {
    int f = task.featureLength();
    int l = task.labelLength();
    if ((long) size * Math.max(f, l) > MAX_BLOCK) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "%d samples of %d values are more than one array takes: lower the number of samples that are taken at once",
              size,
              Math.max(f, l)));
    }
    return new SampleBlock(new long[size], new float[size * f], new float[size * l]);
  }

  private static void put(Read sample, SampleBlock block, int at) {
    int f = sample.features().length;
    int l = sample.labels().length;
    block.ids()[at] = sample.id();
    System.arraycopy(sample.features(), 0, block.features(), at * f, f);
    System.arraycopy(sample.labels(), 0, block.labels(), at * l, l);
  }

  private SampleBlock block(List<Read> samples) {
    SampleBlock block = empty(samples.size(), task);
    for (int i = 0; i < samples.size(); i++) {
      put(samples.get(i), block, i);
    }
    return block;
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
