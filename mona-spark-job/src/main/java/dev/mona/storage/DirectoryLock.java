package dev.mona.storage;

import dev.mona.MonaException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At most one attempt works in a directory. Each attempt that wants it writes a claim under a name
 * of its own, <em>then</em> looks for others, and withdraws if it finds one that lives. Of two
 * attempts the one that looks last finds the other, so both cannot stay: this needs no exclusive
 * creation, which local disks and S3 do not have through Hadoop, only a listing that shows what was
 * written before it. The owner writes its claim anew as a sign of life. One whose lease is over, or
 * whose process is seen to be gone, is taken over from; it finds that out before it next publishes
 * a file. Ages are differences between times of the file system itself, no clocks are compared.
 *
 * <p>Safe for use by several threads.
 */
final class DirectoryLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);
  private static final int LEAST_TRIES = 6;
  private static final int LOOKS_A_BEAT = 10;
  private static final long LONGEST_PAUSE = 1000;

  private final FileSystem files;
  private final Path directory;
  private final String prefix;
  private final Lease lease;
  private LockClaim claim;
  private List<String> takenOver = List.of();
  private @Nullable MonaException lost;
  private boolean closed;
  private Runnable whenLost = () -> {};

  /** Looks since the last sign of life, and whether that one failed; of the one thread. */
  private int looks;

  private boolean overdue;
  private @Nullable ScheduledExecutorService beats;
  private @Nullable Future<?> beating;

  private DirectoryLock(
      FileSystem files, Path directory, String prefix, Attempt attempt, Lease lease) {
    this.files = files;
    this.directory = directory;
    this.prefix = prefix;
    this.lease = lease;
    this.claim = new LockClaim(attempt, lease.length().toSeconds(), List.of(), 0);
  }

  /**
   * Takes the lock, from a dead owner if need be.
   *
   * @param directory where the claims are, made if missing
   * @param prefix what the names of claims begin with
   * @throws MonaException of the category {@code STORAGE} that names the owner, if it lives
   * @throws IOException if the file system fails
   */
  static DirectoryLock take(
      FileSystem files, Path directory, String prefix, Attempt attempt, Lease lease)
      throws IOException {
    DirectoryLock lock = new DirectoryLock(files, directory, prefix, attempt, lease);
    boolean taken = false;
    try {
      lock.take();
      taken = true;
    } finally {
      if (!taken) {
        lock.withdraw();
      }
    }
    lock.beat(lease.beat());
    return lock;
  }

  private void take() throws IOException {
    long deadline = System.nanoTime() + lease.patience().toNanos();
    Map<String, Long> seen = new HashMap<>();
    for (int tries = 1; ; tries++) {
      Others others = claimed(tries);
      if (others != null && others.living() == null && takeOver(others.dead())) {
        return;
      }
      if (others != null && others.living() != null) {
        Found owner = others.living();
        withdraw();
        Long before = seen.put(owner.id(), owner.modified());
        // others who only try write theirs anew, too
        boolean beating = before != null && before != owner.modified() && owner.isOwner();
        if (tries >= LEAST_TRIES && (beating || System.nanoTime() > deadline)) {
          throw taken(owner);
        }
        if (tries == LEAST_TRIES) {
          log.info("event=waits-for-lock directory={} owner={}", directory, owner.text());
        }
      }
      pause(tries);
    }
  }

  /**
   * Writes the claim and looks for others. Null where the directory vanished in between: an attempt
   * that wrote nothing takes the directory away that it made.
   */
  private @Nullable Others claimed(int tries) throws IOException {
    try {
      write(claim);
      return others();
    } catch (FileNotFoundException e) {
      if (tries >= LEAST_TRIES) {
        throw e;
      }
      return null;
    }
  }

  /** Different pauses part attempts that began at the same time; nothing computed depends on it. */
  private void pause(int tries) throws IOException {
    long most = Math.min(LONGEST_PAUSE, 10L << Math.min(tries, 7));
    try {
      Thread.sleep(most / 4 + Math.floorMod(claim.attempt().id().hashCode() * 31L * tries, most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock", e);
    }
  }

  /** Says whom it takes over from, then looks once more. False if somebody came in between. */
  private boolean takeOver(List<Found> dead) throws IOException {
    if (dead.isEmpty()) {
      return true;
    }
    List<String> ids = dead.stream().map(Found::id).toList();
    claim = claim.over(ids);
    write(claim);
    if (others().living() != null) {
      claim = claim.over(List.of());
      withdraw();
      return false;
    }
    for (Found owner : dead) {
      log.warn(
          "event=lock-taken-over directory={} from={} seconds_without_sign={}",
          directory,
          owner.text(),
          owner.age().toSeconds());
      files.delete(path(owner.id()), false);
    }
    takenOver = ids;
    return true;
  }

  /** Ids of the dead attempts that this one took over from. */
  List<String> takenOver() {
    return takenOver;
  }

  private void beat(Duration every) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "lock-of-" + directory.getName());
              made.setDaemon(true);
              return made;
            });
    long pause = every.dividedBy(LOOKS_A_BEAT).toMillis();
    beating = thread.scheduleWithFixedDelay(this::beatIfDue, pause, pause, TimeUnit.MILLISECONDS);
    beats = thread;
  }

  /**
   * A sign of life that failed is given at the next look: when a file system comes back after
   * longer than the lease, the owner should be the first to be seen there.
   */
  private void beatIfDue() {
    if (++looks >= LOOKS_A_BEAT || overdue) {
      looks = 0;
      beatOnce();
    }
  }

  private synchronized void beatOnce() {
    if (closed || lost != null) {
      return;
    }
    boolean again = overdue;
    overdue = true;
    try {
      if (find()) {
        claim = claim.after(claim.beats() + 1);
        write(claim);
        find(); // taken over while it was being written: the claim must not come back
      }
      overdue = false;
    } catch (IOException | RuntimeException | org.apache.hadoop.fs.FSError e) {
      if (!again) {
        log.warn("event=no-sign-of-life directory={} cause={}", directory, e.toString());
      }
    }
    if (lost != null) {
      log.error("event=lock-lost directory={} {}", directory, lost.getMessage());
      whenLost.run();
    }
  }

  /** What to do as soon as it is seen, between two files, that another attempt has taken over. */
  synchronized void whenLost(Runnable action) {
    whenLost = action;
  }

  /**
   * Looks whether this attempt still has the lock.
   *
   * @throws MonaException if another one has taken it over
   * @throws IOException if the file system fails
   */
  synchronized void verify() throws IOException {
    if (lost == null && !closed) {
      find();
    }
    if (lost != null) {
      throw lost;
    }
  }

  /** Whether the claim stands; if it does not, what took its place is noted. */
  private boolean find() throws IOException {
    String mine = claim.attempt().id();
    boolean stands = false;
    for (FileStatus status : claims()) {
      String id = id(status);
      if (id.equals(mine)) {
        stands = true;
      } else {
        Found other = read(status, status.getModificationTime());
        if (other != null && other.claim() != null && other.claim().over().contains(mine)) {
          lost = lost("taken over by " + other.text());
          files.delete(path(mine), false);
          return false;
        }
      }
    }
    if (!stands) {
      lost = lost("lost: its claim " + path(mine) + " was removed");
    }
    return stands;
  }

  private MonaException lost(String how) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "%s was %s while this attempt gave no sign of life: this one stops here and writes no more"
            .formatted(directory, how));
  }

  private MonaException taken(Found owner) {
    return new MonaException(
        MonaException.Category.STORAGE,
        String.format(
            Locale.ROOT,
            "%s is being written by %s, which gave a sign of life %d s ago: wait until it ends, stop it, or name another directory",
            directory,
            owner.text(),
            Math.max(0, owner.age().toSeconds())));
  }

  /** Gives the lock up. */
  @Override
  public void close() throws IOException {
    ScheduledExecutorService thread = beats;
    if (thread != null && beating != null) {
      beating.cancel(false);
      thread.shutdown();
    }
    synchronized (this) {
      closed = true;
      withdraw();
    }
  }

  private void withdraw() throws IOException {
    files.delete(path(claim.attempt().id()), false);
  }

  private void write(LockClaim content) throws IOException {
    files.mkdirs(directory);
    try (OutputStream out = files.create(path(content.attempt().id()), true)) {
      out.write(content.bytes());
    }
  }

  private Path path(String id) {
    return Location.child(directory, prefix + id);
  }

  private String id(FileStatus status) {
    return status.getPath().getName().substring(prefix.length());
  }

  /** Not that of a directory beside this one whose name goes on where this one's ends. */
  private boolean isClaim(String name) {
    return name.startsWith(prefix) && Attempt.isId(name.substring(prefix.length()));
  }

  private FileStatus[] claims() throws IOException {
    try {
      return files.listStatus(directory, path -> isClaim(path.getName()));
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Claims of others, against the time of this attempt's own, which was just written. */
  private Others others() throws IOException {
    String mine = claim.attempt().id();
    FileStatus[] all = claims();
    long now = 0;
    for (FileStatus status : all) {
      if (id(status).equals(mine)) {
        now = status.getModificationTime();
      }
    }
    if (now == 0) {
      throw new FileNotFoundException(
          "the claim " + path(mine) + " is gone as soon as it is written");
    }
    Found living = null;
    List<Found> dead = new ArrayList<>();
    for (FileStatus status : all) {
      Found other = id(status).equals(mine) ? null : read(status, now);
      if (other != null && other.isDead(lease.length())) {
        dead.add(other);
      } else if (other != null && (living == null || other.isBefore(living))) {
        living = other;
      }
    }
    return new Others(living, dead);
  }

  private @Nullable Found read(FileStatus status, long now) throws IOException {
    Duration age = Duration.ofMillis(now - status.getModificationTime());
    String id = id(status);
    try (InputStream in = files.open(status.getPath())) {
      return new Found(id, LockClaim.parse(in, id), status.getModificationTime(), age);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /** Attempts beside this one. */
  private record Others(@Nullable Found living, List<Found> dead) {}

  /** A claim of another attempt; without content while it is being written. */
  private record Found(String id, @Nullable LockClaim claim, long modified, Duration age) {
    boolean isDead(Duration usual) {
      if (claim == null) {
        return age.compareTo(usual) > 0;
      }
      return claim.attempt().isSeenDead() || age.toSeconds() > claim.leaseSeconds();
    }

    /** Whether it has given signs of life, which only an owner does. */
    boolean isOwner() {
      return claim != null && claim.beats() > 0;
    }

    /** An owner has given more signs of life than one who waits. */
    boolean isBefore(Found other) {
      long beats = claim == null ? -1 : claim.beats();
      long others = other.claim == null ? -1 : other.claim.beats();
      return beats > others || (beats == others && modified < other.modified);
    }

    String text() {
      return claim == null ? "attempt " + id : claim.attempt().text();
    }
  }
}
