package dev.mona.storage;

import dev.mona.MonaException;
import dev.mona.Reason;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run on a Hadoop file system ({@code file:}, {@code hdfs:}, {@code s3a:}).
 * Files appear under their name only when they are complete. Names are relative to the directory,
 * with {@code /} between parts. Safe for use by several threads; every method returns when its work
 * is done.
 *
 * <pre>
 * config.conf  provenance.json  checkpoints/  aligned/  finetuned/  metrics/  report/  _SUCCESS
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunDirectory.class);

  public static final String CONFIG = "config.conf";
  public static final String PROVENANCE = "provenance.json";
  public static final String CHECKPOINTS = "checkpoints";
  public static final String ALIGNED = "aligned";
  public static final String FINETUNED = "finetuned";
  public static final String ADAPTER = "adapter";
  public static final String METRICS = "metrics";
  public static final String REPORT = "report";
  public static final String SUCCESS = "_SUCCESS";

  static final String TEMPORARY = ".tmp-";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

  private final FileSystem files;
  private final Path root;
  private final Attempt attempt;
  private final Replacement replacement;
  private final AtomicLong drafts = new AtomicLong();
  private volatile @Nullable RunLock lock;
  private volatile Retries retries;

  private RunDirectory(FileSystem files, Path root, Attempt attempt) {
    this.files = files;
    this.root = root;
    this.attempt = attempt;
    this.replacement = Replacement.on(files);
    this.retries = new Retries(files, Duration.ZERO);
  }

  /**
   * From here on, tries again for a while what the file system fails to do: what is to be written
   * is worth more than the time.
   *
   * @param patience how long; zero for never, as it is at first
   */
  public void keepTrying(Duration patience) {
    retries = new Retries(files, patience);
  }

  /**
   * Opens a run's directory; where there is none, the first file makes it.
   *
   * @param location a path or URI; without a scheme, one of the configuration's default file system
   * @throws MonaException if the file system cannot be reached
   */
  public static RunDirectory open(String location, Configuration configuration) {
    return open(location, configuration, Attempt.of(""));
  }

  /**
   * Opens a run's directory for an attempt that is known already.
   *
   * @param location see {@link #open(String, Configuration)}
   * @param attempt what its lock and the names of unfinished files tell of it
   */
  public static RunDirectory open(String location, Configuration configuration, Attempt attempt) {
    try {
      Path path = Location.of(location);
      // an instance of its own: the flag below must not reach Spark's
      FileSystem files = FileSystem.newInstance(path.toUri(), Umask.applied(configuration));
      Location.requireName(path, files);
      files.setWriteChecksum(false);
      return new RunDirectory(files, files.makeQualified(path), attempt);
    } catch (IOException | FSError | IllegalArgumentException e) {
      throw failure("open", location, e);
    }
  }

  /**
   * When an attempt last showed that it works in a run's directory; empty where none holds it.
   *
   * @throws IOException if the directory cannot be listed
   */
  public static Optional<Instant> lastSignOfLife(Path path, Configuration configuration)
      throws IOException {
    return RunLock.lastSignOfLife(Location.files(path, configuration), path);
  }

  /** Whose files these are. */
  public Attempt attempt() {
    return attempt;
  }

  /**
   * Takes the directory for this attempt alone, until it is closed; what dead attempts left
   * unfinished is removed. From here on no file is published and none deleted once another attempt
   * has taken over.
   *
   * @throws MonaException of the category {@code STORAGE} that names the owner, if it lives
   */
  public void lock(Lease lease) {
    if (lock != null) {
      throw new IllegalStateException(root + " is locked by this attempt already");
    }
    perform("lock", root, () -> lock = RunLock.take(files, root, attempt, lease));
  }

  /**
   * Takes the directory as {@link #lock(Lease)} does.
   *
   * @param whenLost called on another thread when a sign of life finds that another attempt has
   *     taken over, which otherwise shows with the next file only
   */
  public void lock(Lease lease, Runnable whenLost) {
    lock(lease);
    RunLock taken = lock;
    if (taken != null) {
      taken.whenLost(whenLost);
    }
  }

  /**
   * Makes sure that no other attempt has taken this directory over.
   *
   * @throws MonaException if one has
   */
  public void verifyLock() {
    perform("look for the lock of", root, this::verify);
  }

  private void verify() throws IOException {
    RunLock held = lock;
    if (held != null) {
      held.verify();
    }
  }

  /**
   * Refuses a place where no directory can be made. Makes none.
   *
   * @throws MonaException if a file stands there or above
   */
  public void requireFree() {
    perform(
        "write",
        root,
        () -> {
          Path at = root;
          while (at != null && !files.exists(at)) {
            at = at.getParent();
          }
          if (at != null && !files.getFileStatus(at).isDirectory()) {
            throw new IOException(at + " is a file");
          }
        });
  }

  /** The directory with its scheme. */
  public String location() {
    return root.toString();
  }

  /** A file or directory of the run with its scheme. */
  public String location(String name) {
    return path(name).toString();
  }

  /**
   * Writes a file, replacing one of the same name. Whenever this process dies, the older content or
   * the newer one is there.
   */
  public FileDigest write(String name, ContentWriter content) {
    Path target = path(name);
    String draftName =
        TEMPORARY + attempt.id() + "-" + drafts.incrementAndGet() + "-" + target.getName();
    Replacement.Draft draft = replacement.draft(target, new Path(target.getParent(), draftName));
    return doing(
        "write",
        target,
        () -> {
          boolean published = false;
          try {
            MessageDigest digest = Sha256.digest();
            CountingStream count = new CountingStream(draft.open());
            fill(new DigestOutputStream(new BufferedOutputStream(count, 1 << 16), digest), content);
            String sha256 = Sha256.hex(digest.digest());
            verify();
            draft.publish(sha256);
            published = true;
            return new FileDigest(count.bytes(), sha256);
          } finally {
            if (!published) {
              discard(draft);
            }
          }
        });
  }

  /**
   * Writes and closes. HDFS throws one and the same exception from both, which a try with resources
   * does not take.
   */
  private static void fill(OutputStream out, ContentWriter content) throws IOException {
    try {
      content.writeTo(out);
    } catch (IOException | RuntimeException | Error e) {
      try {
        out.close();
      } catch (IOException | FSError second) {
        if (second != e) {
          e.addSuppressed(second);
        }
      }
      throw e;
    }
    out.close();
  }

  /** The failure that made it worthless is what is told. */
  private static void discard(Replacement.Draft draft) {
    try {
      draft.discard();
    } catch (IOException | FSError e) {
      log.warn("event=unfinished-file-left cause={}", e.toString());
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
    return doing(
        "read",
        file,
        () -> {
          Path current = replacement.current(file);
          try (FSDataInputStream in = files.open(current)) {
            return reader.readFrom(in, files.getFileStatus(current).getLen());
          }
        });
  }

  /** Length and checksum of a file as it is now. */
  public FileDigest digest(String name) {
    return read(name, (in, length) -> new FileDigest(length, Sha256.of(in)));
  }

  public boolean exists(String name) {
    Path file = path(name);
    return doing("read", file, () -> files.exists(replacement.current(file)));
  }

  /** Names within a directory, sorted, without unfinished files; empty without the directory. */
  public List<String> list(String directory) {
    Path path = path(directory);
    return doing("list", path, () -> names(path));
  }

  private List<String> names(Path path) throws IOException {
    try {
      return Arrays.stream(files.listStatus(path))
          .map(FileStatus::getPath)
          .map(Path::getName)
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** Deletes a file, or a directory and all in it; where there is none, nothing happens. */
  public void delete(String name) {
    Path path = path(name);
    perform(
        "delete",
        path,
        () -> {
          verify();
          replacement.delete(path);
        });
  }

  /** Marks the run as complete. */
  public void markSuccess() {
    writeText(SUCCESS, "");
  }

  public boolean isComplete() {
    return exists(SUCCESS);
  }

  /** Gives the lock up too. A directory that was made for it and stayed empty goes with it. */
  @Override
  public void close() {
    keepTrying(Duration.ZERO);
    perform(
        "close",
        root,
        () -> {
          RunLock held = lock;
          lock = null;
          try {
            if (held != null) {
              held.close();
            }
          } finally {
            files.close();
          }
        });
  }

  private Path path(String name) {
    if (!NAME.matcher(name).matches() || Arrays.asList(name.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("not a name within a run: '" + name + "'");
    }
    return new Path(root, name);
  }

  private void perform(String verb, Path where, Step step) {
    doing(
        verb,
        where,
        () -> {
          step.run();
          return where;
        });
  }

  /** What has no result. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private <T> T doing(String verb, Path where, Retries.Action<T> action) {
    try {
      return retries.run(verb + " " + where, action);
    } catch (IOException | FSError e) {
      throw failure(verb, where.toString(), e);
    }
  }

  /** The one place where a failure of the file system becomes a sentence. */
  private static MonaException failure(String verb, String where, Throwable cause) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "cannot "
            + verb
            + " "
            + where
            + " ("
            + Reason.of(cause)
            + "): check that it exists, that there is space and that this user may write it",
        cause);
  }
}
