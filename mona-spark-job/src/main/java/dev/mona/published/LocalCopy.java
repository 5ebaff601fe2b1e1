package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.StandIn;
import dev.mona.storage.Location;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that is read from any position: as it is on the local file system, or a temporary copy.
 *
 * @param path where it is now
 * @param name what messages call it
 * @param temporary whether it is removed when closed
 */
record LocalCopy(java.nio.file.Path path, String name, boolean temporary) implements AutoCloseable {

  static LocalCopy of(Configuration hadoop, Path file) throws IOException {
    FileSystem files = Location.files(file, hadoop);
    Path absolute = files.makeQualified(file);
    if (!files.exists(absolute)) {
      throw MonaException.data(file + " does not exist: give the path of the published file");
    }
    refuseStandIn(files, absolute, file.toString());
    if (absolute.toUri().getScheme().equals("file")) {
      return new LocalCopy(
          java.nio.file.Path.of(absolute.toUri().getPath()), file.toString(), false);
    }
    java.nio.file.Path copy = Files.createTempFile("mona-published-", ".data");
    try (InputStream in = files.open(absolute)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      return new LocalCopy(copy, file.toString(), true);
    } catch (FileNotFoundException e) {
      Files.deleteIfExists(copy);
      throw new MonaException(
          MonaException.Category.DATA, file + " is no file: give the published file itself", e);
    } catch (IOException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  private static void refuseStandIn(FileSystem files, Path file, String name) throws IOException {
    if (files.getFileStatus(file).isFile()) {
      try (InputStream in = files.open(file)) {
        StandIn.refuse(MonaException.Category.DATA, name, in);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(path);
    }
  }
}
