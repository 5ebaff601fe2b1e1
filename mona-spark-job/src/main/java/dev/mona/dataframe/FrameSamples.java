package dev.mona.dataframe;

import dev.mona.convert.LabelMoments;
import dev.mona.data.Moments;
import dev.mona.data.Split;
import dev.mona.data.Standardisation;
import dev.mona.spark.SparkJob;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.VoidFunction2;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a set, a partition for each file, by place. What is added up over them is added in
 * the order of the files, so that it does not depend on who reads which.
 *
 * @param rows those of a file in the order of their ids
 * @param files where each belongs
 */
record FrameSamples(JavaPairRDD<FramePlace, FrameRow> rows, FrameFiles files) {

  /**
   * Sorts samples into files.
   *
   * @param placed all of them, each with its place
   * @param sizes samples of each split
   * @param most samples of a file
   */
  static FrameSamples sorted(
      JavaPairRDD<FramePlace, FrameRow> placed, Map<Split, Integer> sizes, int most) {
    Map<Split, Long> before = new EnumMap<>(Split.class);
    long start = 0;
    for (Split split : Split.values()) {
      before.put(split, start);
      start += sizes.getOrDefault(split, 0);
    }
    List<FramePlace> starts =
        SparkJob.described(
            placed.context(),
            "number samples",
            () ->
                placed
                    .mapValues(row -> 0)
                    .sortByKey()
                    .keys()
                    .zipWithIndex()
                    .filter(
                        numbered ->
                            within(numbered._2(), before.get(numbered._1().split())) % most == 0)
                    .keys()
                    .collect());
    FrameFiles files = new FrameFiles(starts.toArray(FramePlace[]::new));
    return new FrameSamples(placed.repartitionAndSortWithinPartitions(files), files);
  }

  private static long within(long number, @Nullable Long start) {
    return number - Objects.requireNonNull(start);
  }

  JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(rows.context());
  }

  /** Mean and deviation of the channels of train. */
  Standardisation standardisation(int channels) {
    Moments first =
        overTrain(
            "take means",
            () -> new Moments(channels),
            (moments, row) -> moments.count(features(row)),
            Moments::and);
    Moments both =
        overTrain(
            "take deviations",
            first::counted,
            (moments, row) -> moments.spread(features(row)),
            Moments::andSpread);
    return Standardisation.of(both, channels);
  }

  /** The scale of the labels of train, which are fields. */
  TargetScale scale(TaskSpec task) {
    int outputs = task.outputs();
    LabelMoments first =
        overTrain(
            "take means of labels",
            () -> new LabelMoments(outputs),
            (moments, row) -> moments.count(labels(row)),
            LabelMoments::and);
    if (first.isBinary()) {
      return first.scale();
    }
    return overTrain(
            "take deviations of labels",
            first::counted,
            (moments, row) -> moments.spread(labels(row)),
            LabelMoments::andSpread)
        .scale();
  }

  private <T> T overTrain(
      String what, Function0<T> start, VoidFunction2<T, FrameRow> add, Function2<T, T, T> and) {
    FrameFiles of = files;
    return SparkJob.described(
        rows.context(),
        what,
        () -> {
          List<T> parts =
              rows.mapPartitionsWithIndex(
                      (file, its) -> {
                        if (of.split(file) != Split.TRAIN) {
                          return List.<T>of().iterator();
                        }
                        T sum = start.call();
                        while (its.hasNext()) {
                          add.call(sum, its.next()._2());
                        }
                        return List.of(sum).iterator();
                      },
                      false)
                  .collect();
          T all = parts.get(0);
          for (T part : parts.subList(1, parts.size())) {
            all = and.call(all, part);
          }
          return all;
        });
  }

  static double[] features(FrameRow row) {
    return Objects.requireNonNull(row.features());
  }

  static double[] labels(FrameRow row) {
    return Objects.requireNonNull(row.labels());
  }
}
