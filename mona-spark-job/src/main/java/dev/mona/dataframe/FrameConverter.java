package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.ConvertOptions;
import dev.mona.convert.Converter;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.HeldOut;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.data.Standardisation;
import dev.mona.spark.SparkJob;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Makes a data set of anybody's DataFrame. No row passes through the driver. The same rows, files
 * and options give the same bytes, whatever the number of cores.
 */
public final class FrameConverter {
  private final SparkSession spark;
  private final Origin origin;
  private final FrameOptions options;
  private final ConvertOptions target;

  /**
   * @param origin what was measured, by whom, under what terms
   */
  public FrameConverter(
      SparkSession spark, Origin origin, FrameOptions options, ConvertOptions target) {
    this.spark = spark;
    this.origin = origin;
    this.options = options;
    this.target = target;
  }

  /**
   * Converts.
   *
   * @param name what the set is called
   * @throws MonaException if a column or a row is refused, the first that is wrong, or the output
   *     holds something else
   */
  public Manifest convert(String name) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return Converter.convert(
        hadoop, name, target, (files, directory) -> write(name, files, directory));
  }

  private Manifest write(String name, FileSystem files, Path directory) throws IOException {
    FrameColumns columns = FrameColumns.open(spark, options.input());
    TaskKind kind = kind(columns.has());
    FrameScan scan = scan(columns, kind);
    SampleShape shape =
        options.shape().orElseGet(() -> SampleShape.series(1, scan.featureLength()));
    Manifest.checkValues(options.input(), shape.channels(), shape.height(), shape.width());
    Card card = new Card(name, Prediction.of(kind, outputs(kind, scan, shape), List.of()), origin);
    TaskSpec task = TaskSpec.of(name, kind, shape, card.outputs());
    JavaRDD<FrameRow> rows = columns.read();
    if (columns.has().id()) {
      requireDistinct(columns);
    }
    Placing placing = placing(rows, columns.has(), scan, kind);
    boolean trains = placing.sizes().containsKey(Split.TRAIN);
    if (target.standardise() && !trains) {
      throw MonaException.data(
          name + " has no train split to be standardised by: leave the standardisation out");
    }
    int most = target.samplesOfFile(task.featureLength() + task.labelLength());
    JavaPairRDD<FramePlace, FrameRow> placed =
        rows.mapToPair(row -> new Tuple2<>(placing.of(row), row));
    FrameSamples samples = FrameSamples.sorted(placed, placing.sizes(), most);
    boolean measured = target.standardise() || kind == TaskKind.DENSE;
    if (measured) {
      samples.rows().persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      @Nullable Standardisation standard =
          target.standardise() ? samples.standardisation(shape.channels()) : null;
      TargetScale scale =
          kind == TaskKind.DENSE && trains ? samples.scale(task) : TargetScale.none(card.outputs());
      FrameWriter writer =
          new FrameWriter(
              new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
              directory.toString(),
              task,
              standard,
              samples.files());
      Map<Split, SplitFiles> written = writer.write(samples, files);
      return new Manifest(
          name,
          origin,
          new Features(shape, new Encoding.Plain(), standard),
          card.prediction().with(scale),
          written);
    } finally {
      samples.rows().unpersist(false);
    }
  }

  private TaskKind kind(FrameColumns.Has has) {
    if (options.dense() && !has.arrays()) {
      throw MonaException.configuration(
          "--dense is for labels that are fields and those of %s are numbers: leave it out, or make them arrays"
              .formatted(options.input()));
    }
    if (!has.arrays()) {
      return TaskKind.CLASSIFICATION;
    }
    return options.dense() ? TaskKind.DENSE : TaskKind.MULTI_LABEL;
  }

  private FrameScan scan(FrameColumns columns, TaskKind kind) {
    boolean splits = columns.has().split();
    JavaRDD<FrameRow> rows = columns.read();
    FrameScan scan =
        rows.getNumPartitions() == 0
            ? new FrameScan(kind, splits)
            : SparkJob.described(
                spark.sparkContext(),
                "check rows",
                () ->
                    rows.mapPartitions(
                            part -> {
                              FrameScan found = new FrameScan(kind, splits);
                              part.forEachRemaining(found::add);
                              return List.of(found).iterator();
                            })
                        .treeReduce(FrameScan::and));
    scan.require(options.input(), options.shape().map(SampleShape::length).orElse(0));
    return scan;
  }

  private int outputs(TaskKind kind, FrameScan scan, SampleShape shape) {
    int outputs =
        switch (kind) {
          case CLASSIFICATION -> scan.classes().length;
          case MULTI_LABEL -> scan.labelLength();
          case DENSE -> scan.labelLength() / shape.points();
        };
    if (outputs < Manifest.minOutputs(kind)
        || outputs > Manifest.MAX_OUTPUTS
        || (kind == TaskKind.DENSE && scan.labelLength() % shape.points() != 0)) {
      throw MonaException.data(
          "%s has %s, which is nothing to learn: give it %s"
              .formatted(
                  options.input(),
                  switch (kind) {
                    case CLASSIFICATION -> "one class";
                    case MULTI_LABEL -> scan.labelLength() + " labels a sample";
                    case DENSE ->
                        "fields of "
                            + scan.labelLength()
                            + " values on a grid of "
                            + shape.points();
                  },
                  switch (kind) {
                    case CLASSIFICATION -> "labels from 0 to the number of classes - 1";
                    case MULTI_LABEL -> "from 1 to " + Manifest.MAX_OUTPUTS;
                    case DENSE -> "a value or more for each point, or another --shape";
                  }));
    }
    return outputs;
  }

  private void requireDistinct(FrameColumns columns) {
    List<Row> repeated =
        SparkJob.described(
            spark.sparkContext(),
            "look for repeated ids",
            () ->
                columns
                    .rows()
                    .groupBy("id")
                    .count()
                    .where("count > 1")
                    .agg(functions.min("id"))
                    .collectAsList());
    if (!repeated.get(0).isNullAt(0)) {
      throw MonaException.data(
          "the sample id "
              + repeated.get(0).getLong(0)
              + " occurs twice in "
              + options.input()
              + ": give each sample an id of its own, or drop the column");
    }
  }

  /** Where rows belong, and how many samples each split has. */
  private record Placing(
      boolean column, @Nullable HeldOut test, TaskKind kind, Map<Split, Integer> sizes)
      implements Serializable {
    FramePlace of(FrameRow row) {
      long id = Objects.requireNonNull(row.id());
      Split split =
          column
              ? Objects.requireNonNull(FrameScan.split(row.split()))
              : test == null || test.takes(classOf(row, kind), id) ? Split.TEST : Split.TRAIN;
      return new FramePlace(split, id);
    }
  }

  private static int classOf(FrameRow row, TaskKind kind) {
    return kind == TaskKind.CLASSIFICATION ? (int) FrameSamples.labels(row)[0] : 0;
  }

  private Placing placing(
      JavaRDD<FrameRow> rows, FrameColumns.Has has, FrameScan scan, TaskKind kind) {
    Map<Split, Integer> sizes = new EnumMap<>(Split.class);
    if (has.split()) {
      scan.samples().forEach((split, count) -> sizes.put(split, Math.toIntExact(count)));
      if (!sizes.containsKey(Split.TEST)) {
        throw MonaException.data(
            options.input() + " has no row of the split test: a set needs one");
      }
      return new Placing(true, null, kind, sizes);
    }
    JavaRDD<InternalRow> ids =
        rows.map(
            row ->
                new GenericInternalRow(
                    new Object[] {Objects.requireNonNull(row.id()), classOf(row, kind)}));
    HeldOut test = HeldOut.of(ids, scan.classes(), options.testFraction(), options.seed());
    if (test.size() == 0) {
      throw MonaException.configuration(
          "--test-fraction is %s and takes no sample of %s: a set needs a test split, name a larger fraction or add a column split"
              .formatted(options.testFraction(), options.input()));
    }
    int all = Arrays.stream(scan.classes()).sum();
    sizes.put(Split.TEST, test.size());
    sizes.put(Split.TRAIN, all - test.size());
    return new Placing(false, test, kind, sizes);
  }
}
