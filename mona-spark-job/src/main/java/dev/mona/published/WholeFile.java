package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.StandIn;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files that are read into memory whole. */
final class WholeFile {
  private WholeFile() {}

  /**
   * Reads a file.
   *
   * @param most bytes that it may have
   * @param set what a longer file is not of
   * @param absent what to do where it does not exist
   */
  static byte[] bytes(FileSystem files, Path file, int most, String set, String absent)
      throws IOException {
    try (InputStream in = files.open(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw MonaException.data(
            file + " has more than " + most + " bytes: it is not the file of " + set);
      }
      StandIn.refuse(MonaException.Category.DATA, file.toString(), bytes);
      return bytes;
    } catch (FileNotFoundException e) {
      throw new MonaException(MonaException.Category.DATA, file + " does not exist: " + absent, e);
    }
  }
}
