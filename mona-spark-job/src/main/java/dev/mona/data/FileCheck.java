package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.StandIn;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import dev.mona.storage.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A file that is to be as its manifest says.
 *
 * @param path with its scheme
 * @param bytes its length
 * @param sha256 its checksum
 */
record FileCheck(String path, long bytes, String sha256) implements Serializable {
  private static final int MOST_TASKS = 1 << 12;

  /**
   * Reads every file once, in tasks.
   *
   * @throws MonaException for the first of them that differs
   */
  static void all(SparkSession spark, List<FileCheck> files, String set) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    // a fault is a result: a failed task would be tried again
    List<String> faults =
        SparkJob.described(
            context,
            "check files of " + set,
            () ->
                context
                    .parallelize(files, Math.min(files.size(), MOST_TASKS))
                    .map(file -> file.fault(hadoop.value()))
                    .filter(fault -> !fault.isEmpty())
                    .collect());
    if (!faults.isEmpty()) {
      throw MonaException.data(faults.get(0));
    }
  }

  /** What is wrong with the file, in a sentence; empty if nothing is. */
  private String fault(Configuration hadoop) {
    Path file = new Path(path);
    try {
      FileSystem files = Location.files(file, hadoop);
      long length = files.getFileStatus(file).getLen();
      if (length != bytes) {
        try (InputStream in = files.open(file)) {
          StandIn.refuse(MonaException.Category.DATA, path, in);
        }
        return path
            + " has "
            + length
            + " bytes and the manifest says "
            + bytes
            + ": it is truncated or was changed, convert the data again";
      }
      try (InputStream in = files.open(file)) {
        String found = Sha256.of(in);
        return found.equals(sha256)
            ? ""
            : path
                + " has SHA-256 "
                + found
                + " and the manifest says "
                + sha256
                + ": it was changed, convert the data again";
      }
    } catch (FileNotFoundException e) {
      return path + " does not exist and the manifest names it: convert the data again";
    } catch (MonaException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE, "cannot read " + path + ": " + Reason.of(e), e);
    }
  }
}
