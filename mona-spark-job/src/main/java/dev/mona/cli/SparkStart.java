package dev.mona.cli;

import dev.mona.spark.PlainBytes;
import dev.mona.storage.Umask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Starts Spark when it is first needed and stops what it started. Settings come from spark-submit
 * or from system properties; without a master it is {@code local[*]}. What Spark writes has the
 * permissions of {@link Umask}.
 */
final class SparkStart implements Supplier<SparkSession>, AutoCloseable {
  private final String name;
  private final int cores;
  private @Nullable SparkSession started;

  SparkStart(String name) {
    this(name, 0);
  }

  /** The same in this process with so many cores, whatever the settings say; 0 for theirs. */
  SparkStart(String name, int cores) {
    this.name = name;
    this.cores = cores;
  }

  @Override
  public SparkSession get() {
    if (started == null) {
      SparkConf conf =
          PlainBytes.in(new SparkConf())
              .setIfMissing("spark.master", "local[*]")
              .setIfMissing("spark.app.name", name)
              .setIfMissing("spark.hadoop." + Umask.KEY, Umask.of(new Configuration()));
      if (cores > 0) {
        conf.set("spark.master", "local[" + cores + "]");
      }
      started = SparkSession.builder().config(conf).getOrCreate();
      localFiles(started.sparkContext().hadoopConfiguration());
    }
    return started;
  }

  /** The one file system of local files in this process may be older than the session. */
  private static void localFiles(Configuration hadoop) {
    try {
      FileSystem local = FileSystem.get(URI.create("file:///"), hadoop);
      local.getConf().set(Umask.KEY, Umask.of(hadoop));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (started != null) {
      started.stop();
      started = null;
    }
  }
}
