package dev.mona.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a run's directory: its claims lie within, what dead attempts left unfinished there
 * goes when it is taken, and a directory that was made for it and stayed empty goes with it.
 */
final class RunLock implements AutoCloseable {
  private static final String PREFIX = ".lock-";
  private static final Pattern UNFINISHED =
      Pattern.compile(Pattern.quote(RunDirectory.TEMPORARY) + "[0-9a-f]{12}-.*");

  /** Directories within directories of a run. */
  private static final int DEEPEST = 3;

  private final FileSystem files;
  private final Path root;
  private final DirectoryLock lock;

  /** The highest directory that was made for the lock, if any was. */
  private final @Nullable Path made;

  private RunLock(FileSystem files, Path root, DirectoryLock lock, @Nullable Path made) {
    this.files = files;
    this.root = root;
    this.lock = lock;
    this.made = made;
  }

  /**
   * Takes it, from a dead owner if need be.
   *
   * @throws dev.mona.MonaException of the category {@code STORAGE} that names the owner, if it
   *     lives
   * @throws IOException if the file system fails
   */
  static RunLock take(FileSystem files, Path root, Attempt attempt, Lease lease)
      throws IOException {
    Path made = null;
    for (Path at = root; at != null && !files.exists(at); at = at.getParent()) {
      made = at;
    }
    DirectoryLock taken = DirectoryLock.take(files, root, PREFIX, attempt, lease);
    RunLock lock = new RunLock(files, root, taken, made);
    boolean swept = false;
    try {
      if (!taken.takenOver().isEmpty()) {
        lock.sweep(root, DEEPEST);
      }
      swept = true;
    } finally {
      if (!swept) {
        taken.close();
      }
    }
    return lock;
  }

  /** See {@link RunDirectory#lastSignOfLife}. */
  static Optional<Instant> lastSignOfLife(FileSystem files, Path root) throws IOException {
    return Arrays.stream(files.listStatus(root, path -> path.getName().startsWith(PREFIX)))
        .map(FileStatus::getModificationTime)
        .max(Comparator.naturalOrder())
        .map(time -> Instant.ofEpochMilli(time).truncatedTo(ChronoUnit.SECONDS));
  }

  /** See {@link RunDirectory#lock(Lease, Runnable)}. */
  void whenLost(Runnable told) {
    lock.whenLost(told);
  }

  /**
   * Makes sure that no other attempt has taken over.
   *
   * @throws dev.mona.MonaException if one has
   */
  void verify() throws IOException {
    lock.verify();
  }

  /** Removes what other attempts left unfinished; as the owner, this one may. */
  private void sweep(Path directory, int depth) throws IOException {
    for (FileStatus status : files.listStatus(directory)) {
      if (UNFINISHED.matcher(status.getPath().getName()).matches()) {
        files.delete(status.getPath(), true);
      } else if (status.isDirectory() && depth > 1) {
        sweep(status.getPath(), depth - 1);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
    Path at = made == null ? null : root;
    while (at != null && isEmptyDirectory(at)) {
      files.delete(at, false);
      at = at.equals(made) ? null : at.getParent();
    }
  }

  private boolean isEmptyDirectory(Path directory) throws IOException {
    try {
      return files.listStatus(directory).length == 0;
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
