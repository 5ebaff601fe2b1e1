package dev.mona.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps a directory that is to be made to one attempt. The lock lies beside it, so that nothing but
 * what belongs there is ever in it.
 */
public final class OutputLock implements AutoCloseable {
  private final Attempt attempt;
  private final DirectoryLock lock;

  private OutputLock(Attempt attempt, DirectoryLock lock) {
    this.attempt = attempt;
    this.lock = lock;
  }

  /**
   * Takes it, from a dead owner if need be.
   *
   * @param output the directory, with its scheme; need not exist
   * @throws dev.mona.MonaException of the category {@code STORAGE} that names the owner, if it
   *     lives
   * @throws IOException if the file system fails
   */
  public static OutputLock take(FileSystem files, Path output, Lease lease) throws IOException {
    Path parent = output.getParent();
    if (parent == null) {
      throw new IOException(output + " is the root of a file system");
    }
    Attempt attempt = Attempt.of("");
    String prefix = "." + output.getName() + ".lock-";
    return new OutputLock(attempt, DirectoryLock.take(files, parent, prefix, attempt, lease));
  }

  /** Id of the attempt that has the lock, for names of unfinished files. */
  public String attempt() {
    return attempt.id();
  }

  /**
   * Makes sure that no other attempt has taken over.
   *
   * @throws dev.mona.MonaException if one has
   */
  public void verify() throws IOException {
    lock.verify();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
