package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.storage.Location;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Directories that a command makes beside a run. */
final class OutputDirectory {
  private OutputDirectory() {}

  /** Refuses a directory that exists, before any work is done for it. */
  static void requireFree(String output, Configuration hadoop) {
    try {
      Path path = Location.of(output);
      if (Location.files(path, hadoop).exists(path)) {
        throw new MonaException(
            MonaException.Category.STORAGE, output + " exists: name a new directory");
      }
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          output + " cannot be written (" + Reason.of(e) + "): check the path",
          e);
    }
  }
}
