package dev.mona.storage;

import dev.mona.Causes;
import dev.mona.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again, with growing pauses, what a file system of other machines fails to do. What does not
 * get better by waiting fails at once: missing files, missing rights, a quota, a full disk, and
 * everything on the local one.
 */
final class Retries {
  private static final Logger log = LoggerFactory.getLogger(Retries.class);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;
  private static final Pattern FULL =
      Pattern.compile("(?i)no space left|disk quota exceeded|not enough space|quota.*exceeded");

  private final boolean local;
  private final Duration patience;

  /**
   * For one file system.
   *
   * @param patience how long to try again; zero for never
   */
  Retries(FileSystem files, Duration patience) {
    this.local = "file".equals(files.getUri().getScheme());
    this.patience = patience;
  }

  /** What may be done again after it failed. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /**
   * Does it, again and again.
   *
   * @param what for the log
   */
  <T> T run(String what, Action<T> action) throws IOException {
    long began = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    for (int tries = 1; ; tries++) {
      try {
        return action.run();
      } catch (IOException e) {
        long waited = System.nanoTime() - began;
        if (patience.isZero() || local || isFinal(e)) {
          throw e;
        }
        if (waited + TimeUnit.MILLISECONDS.toNanos(pause) > patience.toNanos()) {
          throw new IOException(
              Reason.of(e) + "; tried for " + TimeUnit.NANOSECONDS.toSeconds(waited) + " s", e);
        }
        log.warn(
            "event=tried-again what=\"{}\" tries={} seconds={} cause=\"{}\"",
            what,
            tries,
            TimeUnit.NANOSECONDS.toSeconds(waited),
            e.toString().lines().findFirst().orElse(""));
        sleep(pause, e);
        pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
      }
    }
  }

  private static void sleep(long millis, IOException failure) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  /** Whether waiting does not help. */
  static boolean isFinal(IOException failure) {
    for (Throwable at : Causes.of(failure)) {
      IOException one =
          at instanceof RemoteException remote ? remote.unwrapRemoteException() : null;
      if (doesNotPass(at) || (one != null && doesNotPass(one))) {
        return true;
      }
    }
    return false;
  }

  private static boolean doesNotPass(Throwable failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof FileAlreadyExistsException
        || failure instanceof ParentNotDirectoryException
        || failure instanceof PathIOException
        || failure instanceof FileSystemException
        || failure instanceof AccessControlException
        || failure instanceof ClusterStorageCapacityExceededException
        || failure instanceof FSError
        || isInterrupt(failure)
        || FULL.matcher(String.valueOf(failure.getMessage())).find();
  }

  /** A time-out of a socket is an interrupt by name only. */
  private static boolean isInterrupt(Throwable failure) {
    return failure instanceof ClosedByInterruptException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof java.net.SocketTimeoutException)
            && Thread.currentThread().isInterrupted());
  }
}
