package dev.mona.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A new file that readers see while it grows, where its file system can do that: HDFS and local
 * disks can. Object stores show it when it is closed.
 */
public final class GrowingFile implements AutoCloseable {
  private static final String CAPABILITY = "hflush";

  private final FileSystem files;
  private final FSDataOutputStream out;

  private GrowingFile(FileSystem files, FSDataOutputStream out) {
    this.files = files;
    this.out = out;
  }

  /**
   * Makes an empty file, and the folder around it.
   *
   * @param folder a path or URI
   * @param name within the folder
   * @throws IOException if there is one already, or none can be made
   */
  public static GrowingFile create(String folder, String name, Configuration configuration)
      throws IOException {
    Path parent = Location.of(folder);
    // an instance of its own: the flag below must not reach others
    FileSystem files = FileSystem.newInstance(parent.toUri(), Umask.applied(configuration));
    try {
      files.setWriteChecksum(false);
      Path file = Location.child(files.makeQualified(parent), name);
      Location.requireName(file, files);
      files.mkdirs(file.getParent());
      return new GrowingFile(files, files.create(file, false));
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** Names of the files in a folder, sorted; none without the folder. */
  public static List<String> names(String folder, Configuration configuration) throws IOException {
    Path path = Location.of(folder);
    try {
      return Arrays.stream(Location.files(path, configuration).listStatus(path))
          .map(FileStatus::getPath)
          .map(Path::getName)
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** Whether readers see what was appended before the file is closed. */
  public boolean isSeenWhileItGrows() {
    return out.hasCapability(CAPABILITY);
  }

  /** Adds to its end, for readers to see. */
  public void append(byte[] content) throws IOException {
    out.write(content);
    if (isSeenWhileItGrows()) {
      out.hflush();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      files.close();
    }
  }
}
