package dev.mona.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.Reason;
import dev.mona.StoredJson;
import dev.mona.storage.Location;
import dev.mona.storage.Umask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Small text files on any file system that Hadoop knows. */
public final class StoredText {
  private static final String SPARK_PREFIX = "spark.hadoop.";

  private StoredText() {}

  /** Hadoop's configuration with the {@code spark.hadoop.*} settings of this process. */
  public static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
      if (String.valueOf(property.getKey()).startsWith(SPARK_PREFIX)) {
        hadoop.set(
            String.valueOf(property.getKey()).substring(SPARK_PREFIX.length()),
            String.valueOf(property.getValue()));
      }
    }
    return Umask.applied(hadoop);
  }

  public static boolean exists(Configuration hadoop, Path path) {
    try {
      return Location.files(path, hadoop).exists(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** What stands at a path; a STORAGE failure when nothing does. */
  public static FileStatus status(Configuration hadoop, Path path) {
    try {
      FileSystem files = Location.files(path, hadoop);
      if (!files.exists(path)) {
        throw new MonaException(
            MonaException.Category.STORAGE, path + " does not exist: check the path");
      }
      return files.getFileStatus(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** A whole file of at most {@code limit} bytes. */
  public static String read(Configuration hadoop, Path path, int limit) {
    FileStatus status = status(hadoop, path);
    if (status.isDirectory() || status.getLen() > limit) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          path + " is no file of at most " + limit + " bytes: check the path");
    }
    return tail(hadoop, path, limit);
  }

  /** A document in a file of at most {@code limit} bytes. */
  public static JsonNode json(Configuration hadoop, Path path, int limit) {
    try {
      return StoredJson.tree(read(hadoop, path, limit));
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          path + " is no JSON (" + Quoted.of(e.getOriginalMessage()) + "): the file is damaged",
          e);
    }
  }

  /** The last bytes of a file, {@code limit} at most. */
  static String tail(Configuration hadoop, Path path, int limit) {
    FileStatus status = status(hadoop, path);
    try (FSDataInputStream in = Location.files(path, hadoop).open(path)) {
      in.seek(Math.max(0, status.getLen() - limit));
      return new String(in.readNBytes(limit), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  public static MonaException unreadable(Path path, IOException e) {
    return new MonaException(
        MonaException.Category.STORAGE,
        path + " cannot be read (" + Reason.of(e) + "): check the address and the permissions",
        e);
  }
}
