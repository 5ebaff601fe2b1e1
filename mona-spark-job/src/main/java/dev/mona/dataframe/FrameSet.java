package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.data.HeldOut;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.spark.SparkJob;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The rows of a DataFrame as a data set: checked, numbered, placed in splits and in files. Where
 * rows belong is a function of their ids, labels and splits, not of who reads them.
 *
 * @param card what the set is
 * @param task what its samples are, without a scale
 * @param samples in the order of the files, whether these are written or not
 * @param sizes samples of each split that there is
 */
record FrameSet(Card card, TaskSpec task, FrameSamples samples, Map<Split, Integer> sizes) {

  /**
   * What a set is called, and where it comes from.
   *
   * @param name short name
   */
  record Named(String name, Origin origin) {}

  /**
   * Reads a DataFrame.
   *
   * @param samplesOfFile samples of a file at most, by the values of a sample
   * @throws MonaException if a row is refused, the first that is wrong
   */
  static FrameSet of(
      FrameColumns columns, FrameOptions options, Named named, IntUnaryOperator samplesOfFile) {
    TaskKind kind = columns.has().kind(options);
    FrameScan scan = scan(columns, options, kind);
    SampleShape shape =
        options.shape().orElseGet(() -> SampleShape.series(1, scan.featureLength()));
    Manifest.checkValues(options.input(), shape.channels(), shape.height(), shape.width());
    Prediction prediction = Prediction.of(kind, outputs(options, kind, scan, shape), List.of());
    Card card = new Card(named.name(), prediction, named.origin());
    TaskSpec task = TaskSpec.of(named.name(), kind, shape, card.outputs());
    if (columns.has().id()) {
      requireDistinct(columns, options);
    }
    Placing placing = placing(columns, options, scan, kind);
    int most = samplesOfFile.applyAsInt(task.featureLength() + task.labelLength());
    JavaPairRDD<FramePlace, FrameRow> placed =
        columns.read().mapToPair(row -> new Tuple2<>(placing.of(row), row));
    return new FrameSet(
        card, task, FrameSamples.sorted(placed, placing.sizes(), most), placing.sizes());
  }

  boolean trains() {
    return sizes.containsKey(Split.TRAIN);
  }

  /** The scale of the labels of train, where they are fields. */
  TargetScale scale() {
    return task.kind() == TaskKind.DENSE && trains()
        ? samples.scale(task)
        : TargetScale.none(card.outputs());
  }

  private static FrameScan scan(FrameColumns columns, FrameOptions options, TaskKind kind) {
    boolean splits = columns.has().split();
    JavaRDD<FrameRow> rows = columns.read();
    FrameScan scan =
        rows.getNumPartitions() == 0
            ? new FrameScan(kind, splits)
            : SparkJob.described(
                rows.context(),
                "check rows",
                () ->
                    rows.mapPartitions(
                            part -> {
                              FrameScan found = new FrameScan(kind, splits);
                              part.forEachRemaining(found::add);
                              return List.of(found).iterator();
                            })
                        .treeReduce(FrameScan::and));
    scan.require(options);
    return scan;
  }

  private static int outputs(
      FrameOptions options, TaskKind kind, FrameScan scan, SampleShape shape) {
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
                    case DENSE ->
                        "a value or more for each point, or another " + options.words().shape();
                  }));
    }
    return outputs;
  }

  private static void requireDistinct(FrameColumns columns, FrameOptions options) {
    List<Row> repeated =
        SparkJob.described(
            columns.read().context(),
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

  /**
   * Where rows belong, and how many samples each split has.
   *
   * @param column whether a column says it
   * @param test the samples of test where no column says it; null for none
   */
  private record Placing(
      boolean column, @Nullable HeldOut test, TaskKind kind, Map<Split, Integer> sizes)
      implements Serializable {
    FramePlace of(FrameRow row) {
      long id = Objects.requireNonNull(row.id());
      if (column) {
        return new FramePlace(Objects.requireNonNull(FrameScan.split(row.split())), id);
      }
      boolean tested = test != null && test.takes(classOf(row, kind), id);
      return new FramePlace(tested ? Split.TEST : Split.TRAIN, id);
    }
  }

  private static int classOf(FrameRow row, TaskKind kind) {
    return kind == TaskKind.CLASSIFICATION ? (int) FrameSamples.labels(row)[0] : 0;
  }

  private static Placing placing(
      FrameColumns columns, FrameOptions options, FrameScan scan, TaskKind kind) {
    Map<Split, Integer> sizes = new EnumMap<>(Split.class);
    if (columns.has().split()) {
      scan.samples().forEach((split, count) -> sizes.put(split, Math.toIntExact(count)));
      if (!sizes.containsKey(Split.TEST) && options.test().isPresent()) {
        throw MonaException.data(
            options.input() + " has no row of the split test: a set needs one");
      }
      return new Placing(true, null, kind, sizes);
    }
    int all = Arrays.stream(scan.classes()).sum();
    HeldOut test = null;
    if (options.test().isPresent()) {
      FrameOptions.TestPart part = options.test().get();
      JavaRDD<InternalRow> ids =
          columns
              .read()
              .map(
                  row ->
                      new GenericInternalRow(
                          new Object[] {Objects.requireNonNull(row.id()), classOf(row, kind)}));
      test = HeldOut.of(ids, scan.classes(), part.fraction(), part.seed());
      if (test.size() == 0) {
        throw MonaException.configuration(
            "--test-fraction is %s and takes no sample of %s: a set needs a test split, name a larger fraction or add a column split"
                .formatted(part.fraction(), options.input()));
      }
      sizes.put(Split.TEST, test.size());
    }
    sizes.put(Split.TRAIN, test == null ? all : all - test.size());
    return new Placing(false, test, kind, sizes);
  }
}
