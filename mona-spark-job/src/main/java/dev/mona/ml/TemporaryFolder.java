package dev.mona.ml;

import dev.mona.MonaException;
import dev.mona.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileUtil;
import org.jspecify.annotations.Nullable;

/** A folder of the driver for one training; made when it is asked for. */
final class TemporaryFolder implements AutoCloseable {
  private @Nullable Path made;

  /** Its address. */
  String location() {
    try {
      Path folder = Files.createTempDirectory("mona-");
      made = folder;
      return "file:" + folder;
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          "the driver has no temporary folder (" + Reason.of(e) + "): set output to a directory",
          e);
    }
  }

  @Override
  public void close() {
    if (made != null) {
      boolean unused = FileUtil.fullyDelete(made.toFile());
    }
  }
}
