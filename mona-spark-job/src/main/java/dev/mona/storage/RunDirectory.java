package dev.mona.storage;

import dev.mona.MonaException;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * The directory of one run on a Hadoop file system ({@code file:}, {@code hdfs:}). Files appear
 * under their name only when they are complete: they are written beside it and renamed. Names are
 * relative to the directory, with {@code /} between parts.
 *
 * <pre>
 * config.conf  provenance.json  checkpoints/  aligned/  finetuned/  metrics/  report/  _SUCCESS
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
  public static final String CONFIG = "config.conf";
  public static final String PROVENANCE = "provenance.json";
  public static final String CHECKPOINTS = "checkpoints";
  public static final String ALIGNED = "aligned";
  public static final String FINETUNED = "finetuned";
  public static final String METRICS = "metrics";
  public static final String REPORT = "report";
  public static final String SUCCESS = "_SUCCESS";

  private static final String TEMPORARY = ".tmp-";
  private static final String DELETED = TEMPORARY + "deleted-";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

  private final FileSystem files;
  private final Path root;

  private RunDirectory(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Opens a run's directory; where there is none, the first file makes it.
   *
   * @param location a path or URI; without a scheme, one of the configuration's default file system
   * @throws MonaException if the file system cannot be reached
   */
  public static RunDirectory open(String location, Configuration configuration) {
    try {
      Path path = new Path(location);
      // an instance of its own: the flag below must not reach Spark's
      FileSystem files = FileSystem.newInstance(path.toUri(), Umask.applied(configuration));
      files.setWriteChecksum(false);
      return new RunDirectory(files, files.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw failure("open", location, e);
    }
  }

  /**
   * Refuses a place where no directory can be made. Makes none.
   *
   * @throws MonaException if a file stands there or above
   */
  public void requireFree() {
    try {
      Path at = root;
      while (at != null && !files.exists(at)) {
        at = at.getParent();
      }
      if (at != null && !files.getFileStatus(at).isDirectory()) {
        throw new IOException(at + " is a file");
      }
    } catch (IOException e) {
      throw failure("write", root.toString(), e);
    }
  }

  /** The directory with its scheme. */
  public String location() {
    return root.toString();
  }

  /** A file or directory of the run with its scheme. */
  public String location(String name) {
    return path(name).toString();
  }

  /** Writes a file, replacing one of the same name. */
  public FileDigest write(String name, ContentWriter content) {
    Path target = path(name);
    Path temporary = new Path(target.getParent(), TEMPORARY + target.getName());
    MessageDigest digest = Sha256.digest();
    try {
      long bytes;
      FSDataOutputStream file = files.create(temporary, true);
      try (OutputStream out =
          new DigestOutputStream(new BufferedOutputStream(file, 1 << 16), digest)) {
        content.writeTo(out);
        out.flush();
        bytes = file.getPos();
        if (file.hasCapability(StreamCapabilities.HSYNC)) {
          file.hsync();
        }
      }
      replace(temporary, target);
      return new FileDigest(bytes, Sha256.hex(digest.digest()));
    } catch (IOException e) {
      throw failure("write", target.toString(), e);
    }
  }

  /** Writes a text file in UTF-8. */
  public FileDigest writeText(String name, String text) {
    return write(name, out -> writeText(out, text));
  }

  private static void writeText(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a file.
   *
   * @throws MonaException if it is missing or unreadable
   */
  public <T> T read(String name, ContentReader<T> reader) {
    Path file = path(name);
    try (FSDataInputStream in = files.open(file)) {
      return reader.readFrom(in, files.getFileStatus(file).getLen());
    } catch (IOException e) {
      throw failure("read", file.toString(), e);
    }
  }

  /** Length and checksum of a file as it is now. */
  public FileDigest digest(String name) {
    return read(name, (in, length) -> new FileDigest(length, Sha256.of(in)));
  }

  public boolean exists(String name) {
    Path file = path(name);
    try {
      return files.exists(file);
    } catch (IOException e) {
      throw failure("read", file.toString(), e);
    }
  }

  /** Names within a directory, sorted; empty when there is no such directory. */
  public List<String> list(String directory) {
    Path path = path(directory);
    try {
      return Arrays.stream(files.listStatus(path))
          .map(FileStatus::getPath)
          .map(Path::getName)
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failure("list", path.toString(), e);
    }
  }

  /** Name of a directory to fill before it is moved to {@code name}. */
  public static String temporary(String name) {
    return prefixed(name, TEMPORARY);
  }

  private static String prefixed(String name, String prefix) {
    int slash = name.lastIndexOf('/') + 1;
    return name.substring(0, slash) + prefix + name.substring(slash);
  }

  /** Whether the last part of a name is one of a file or directory that was never completed. */
  public static boolean isTemporary(String name) {
    return name.startsWith(TEMPORARY, name.lastIndexOf('/') + 1);
  }

  /** Renames a directory to a name that is not taken. */
  public void moveDirectory(String from, String to) {
    try {
      if (!files.rename(path(from), path(to))) {
        throw new IOException("cannot rename " + path(from));
      }
    } catch (IOException e) {
      throw failure("write", location(to), e);
    }
  }

  /** Deletes a directory and all in it; one that is half deleted no longer has its name. */
  public void deleteDirectory(String name) {
    try {
      Path path = path(name);
      if (!isTemporary(name)) {
        Path temporary = path(prefixed(name, DELETED));
        files.delete(temporary, true);
        if (!files.rename(path, temporary)) {
          throw new IOException("cannot rename it");
        }
        path = temporary;
      }
      files.delete(path, true);
    } catch (IOException e) {
      throw failure("delete", location(name), e);
    }
  }

  /** Marks the run as complete. */
  public void markSuccess() {
    writeText(SUCCESS, "");
  }

  public boolean isComplete() {
    return exists(SUCCESS);
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw failure("close", root.toString(), e);
    }
  }

  /** Local file systems rename over a file; others need to be told to. */
  private void replace(Path temporary, Path target) throws IOException {
    if (!files.rename(temporary, target)) {
      FileContext.getFileContext(target.toUri(), files.getConf())
          .rename(temporary, target, Options.Rename.OVERWRITE);
    }
  }

  private Path path(String name) {
    if (!NAME.matcher(name).matches() || Arrays.asList(name.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("not a name within a run: '" + name + "'");
    }
    return new Path(root, name);
  }

  private static MonaException failure(String verb, String where, Exception cause) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "cannot "
            + verb
            + " "
            + where
            + " ("
            + cause.getMessage()
            + "): check that it exists, that there is space and that this user may write it",
        cause);
  }
}
