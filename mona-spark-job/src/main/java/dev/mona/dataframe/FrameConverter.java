package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.convert.ConvertOptions;
import dev.mona.convert.Converter;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.data.Standardisation;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

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
    FrameSet set =
        FrameSet.of(
            FrameColumns.open(spark, options.input()),
            options,
            new FrameSet.Named(name, origin),
            target::samplesOfFile);
    if (target.standardise() && !set.trains()) {
      throw MonaException.data(
          name + " has no train split to be standardised by: leave the standardisation out");
    }
    FrameSamples samples = set.samples();
    if (target.standardise() || set.task().kind() == TaskKind.DENSE) {
      samples.rows().persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      SampleShape shape = set.task().shape();
      @Nullable Standardisation standard =
          target.standardise() ? samples.standardisation(shape.channels()) : null;
      TargetScale scale = set.scale();
      FrameWriter writer =
          new FrameWriter(
              new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
              directory.toString(),
              set.task(),
              standard,
              samples.files());
      Map<Split, SplitFiles> written = writer.write(samples, files);
      return new Manifest(
          name,
          origin,
          new Features(shape, new Encoding.Plain(), standard),
          set.card().prediction().with(scale),
          written);
    } finally {
      samples.rows().unpersist(false);
    }
  }
}
