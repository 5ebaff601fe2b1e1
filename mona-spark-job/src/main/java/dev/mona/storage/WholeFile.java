package dev.mona.storage;

import dev.mona.MonaException;
import dev.mona.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A text file outside of a run's directory, written whole or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file in UTF-8, replacing one of the same name.
   *
   * @param address a path or URI
   * @throws MonaException of the category {@code STORAGE} if it cannot be written, also when a
   *     directory stands there
   */
  public static void write(String address, Configuration configuration, String text) {
    Path target = Location.of(address);
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    try (FileSystem files = FileSystem.newInstance(target.toUri(), Umask.applied(configuration))) {
      Location.requireName(target, files);
      files.setWriteChecksum(false);
      Path whole = files.makeQualified(target);
      if (files.exists(whole) && files.getFileStatus(whole).isDirectory()) {
        throw new IOException("it is a directory");
      }
      write(files, whole, content);
    } catch (IOException | FSError | IllegalArgumentException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          "cannot write "
              + target
              + " ("
              + Reason.of(e)
              + "): name a file in a folder that this user may write",
          e);
    }
  }

  private static void write(FileSystem files, Path target, byte[] content) throws IOException {
    Path beside =
        Location.child(
            target.getParent(),
            RunDirectory.TEMPORARY + Attempt.of("").id() + "-" + target.getName());
    Replacement.Draft draft = Replacement.on(files).draft(target, beside);
    boolean published = false;
    try {
      try (OutputStream out = draft.open()) {
        out.write(content);
      }
      MessageDigest digest = Sha256.digest();
      digest.update(content);
      draft.publish(Sha256.hex(digest.digest()));
      published = true;
    } finally {
      if (!published) {
        draft.discard();
      }
    }
  }
}
