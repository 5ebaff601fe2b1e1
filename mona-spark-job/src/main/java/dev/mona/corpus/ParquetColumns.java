package dev.mona.corpus;

import dev.mona.MonaException;
import dev.mona.storage.Location;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns of a Parquet set that Spark can read. Spark's own inference refuses a whole file for
 * one column of a kind that it does not know, nanoseconds or times of day, though nobody asks for
 * it; so each column is looked at alone, and what Spark does not know is left out.
 */
final class ParquetColumns {
  private static final Logger log = LoggerFactory.getLogger(ParquetColumns.class);

  private ParquetColumns() {}

  /** The columns of the first file of a set, a file or a folder; Spark too asks one file only. */
  static StructType of(SparkSession spark, String path) throws IOException {
    String[] files =
        spark
            .read()
            .format("binaryFile")
            .option(Location.NO_PATTERNS, false)
            .option("pathGlobFilter", "*.parquet")
            .load(Location.of(path).toString())
            .inputFiles();
    if (files.length == 0) {
      throw MonaException.data(
          path + " holds no files whose names end in .parquet; check source.path");
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    ParquetToSparkSchemaConverter converter = new ParquetToSparkSchemaConverter(SQLConf.get());
    StructType schema = new StructType();
    for (Type column : columns(files[0], path, hadoop).getFields()) {
      try {
        for (StructField field : converter.convert(new MessageType("column", column)).fields()) {
          schema = schema.add(field);
        }
      } catch (Exception e) {
        // Spark throws a checked exception that its signature does not declare.
        log.debug("column {} of {} is passed over: {}", column.getName(), path, e.getMessage());
      }
    }
    return schema;
  }

  private static MessageType columns(String file, String path, Configuration hadoop)
      throws IOException {
    Path first = new Path(URI.create(file));
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(first, hadoop))) {
      return reader.getFileMetaData().getSchema();
    } catch (OutOfMemoryError e) {
      // A few bytes of a footer can announce lists of any length.
      throw new MonaException(
          MonaException.Category.DATA,
          "%s cannot be read as Parquet: the footer of %s asks for more memory than there is; it is damaged, make the file again"
              .formatted(path, first.getName()),
          e);
    }
  }
}
