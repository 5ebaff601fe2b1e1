package dev.mona.data;

import dev.mona.convert.ConvertOptions;
import dev.mona.convert.Converter;
import dev.mona.convert.SetSource;
import dev.mona.numpy.NumpyDirectory;
import dev.mona.numpy.NumpyOptions;
import dev.mona.storage.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Sets converted for one test in {@code local[2]}, and ways to change them afterwards. */
public final class ConvertedSet {
  private final SparkSession spark;
  private final Path directory;

  public ConvertedSet(SparkSession spark, Path directory) {
    this.spark = spark;
    this.directory = directory;
  }

  public Path path() {
    return directory.resolve("out");
  }

  public ConvertedSet convert(NumpySet set, boolean standardise) {
    Path in = set.write(directory.resolve("in"));
    return convert(in, new Encoding.Plain(), standardise);
  }

  ConvertedSet convert(Path in, Encoding encoding, boolean standardise) {
    convert(
        spark.sparkContext().hadoopConfiguration(),
        new NumpyOptions(in.toString(), encoding),
        path().toString(),
        standardise);
    return this;
  }

  /** Converts a directory of arrays. */
  public static Manifest convert(
      Configuration hadoop, NumpyOptions options, String output, boolean standardise) {
    return convert(hadoop, options, new ConvertOptions(output, standardise));
  }

  /** Converts a directory of arrays. */
  public static Manifest convert(
      Configuration hadoop, NumpyOptions options, ConvertOptions target) {
    try (SetSource set = NumpyDirectory.open(hadoop, options)) {
      return Converter.convert(hadoop, set, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TargetDataSet open() {
    return TargetDataSet.open(spark, path().toString());
  }

  public Dataset<Row> trainRows() {
    Path copy = directory.resolve("rows.parquet");
    try {
      Files.copy(path().resolve("train.parquet"), copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return spark.read().parquet(copy.toString());
  }

  /** Puts other rows in the place of train, with a manifest that agrees on checksum and length. */
  public void replaceTrain(Dataset<Row> rows, int samples) {
    Path written = directory.resolve("written");
    rows.coalesce(1).write().mode("overwrite").parquet(written.toString());
    try (var parts = Files.newDirectoryStream(written, "part-*.parquet")) {
      Files.copy(
          parts.iterator().next(),
          path().resolve("train.parquet"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    describe(samples);
  }

  void describe(int samples) {
    Path file = path().resolve("train.parquet");
    Path path = path().resolve("manifest.json");
    try {
      Manifest old = ManifestJson.read(Files.readAllBytes(path), "manifest");
      Map<Split, SplitFiles> splits = new EnumMap<>(old.splits());
      splits.put(
          Split.TRAIN,
          new SplitFile(
              "train.parquet", samples, Files.size(file), Sha256.of(Files.newInputStream(file))));
      Manifest changed =
          new Manifest(old.name(), old.origin(), old.features(), old.prediction(), splits);
      Files.write(path, ManifestJson.write(changed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
