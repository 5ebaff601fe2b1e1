package dev.mona.job;

import dev.mona.MonaException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Directories that a command makes beside a run. */
final class OutputDirectory {
  private OutputDirectory() {}

  /** Refuses a directory that exists, before any work is done for it. */
  static void requireFree(String output, Configuration hadoop) {
    try {
      Path path = new Path(output);
      if (path.getFileSystem(hadoop).exists(path)) {
        throw new MonaException(
            MonaException.Category.STORAGE, output + " exists: name a new directory");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          output + " cannot be written (" + e.getMessage() + "): check the path",
          e);
    }
  }
}
