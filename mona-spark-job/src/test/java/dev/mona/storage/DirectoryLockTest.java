package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.StoredJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  private static final Lease IMPATIENT = new Lease(Duration.ofSeconds(60), Duration.ZERO);

  private final Path root;

  DirectoryLockTest(@TempDir Path root) {
    this.root = root.resolve("runs/one");
  }

  private RunDirectory open(Attempt attempt) {
    return RunDirectory.open(root.toUri().toString(), new Configuration(), attempt);
  }

  private RunDirectory open() {
    return open(Attempt.of("app-1"));
  }

  /** Of a process that is no more, and of one on a machine that cannot be looked into. */
  private static Attempt gone(String machine) {
    Attempt mine = Attempt.of("");
    return Attempt.of(mine.id(), "elsewhere", 4_000_000, 1, machine, "app-0");
  }

  private Path claim(Attempt attempt, Duration age) throws IOException {
    Files.createDirectories(root);
    Path file = root.resolve(".lock-" + attempt.id());
    Files.write(file, new LockClaim(attempt, 60, List.of(), 7).bytes());
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    return file;
  }

  @Test
  void aClaimIsFlatJsonThatReadsBack() throws IOException {
    Attempt attempt = Attempt.of("0123456789ab", "h", 7, 8, "m", "app-0");
    byte[] json = new LockClaim(attempt, 60, List.of(), 7).bytes();
    JsonNode stored = StoredJson.tree(new String(json, StandardCharsets.UTF_8)).path("attempt");
    assertThat(stored.toString())
        .isEqualTo(
            "{'id':'0123456789ab','host':'h','pid':7,'started':8,'machine':'m','application':'app-0'}"
                .replace('\'', '"'));
    LockClaim read = LockClaim.parse(new ByteArrayInputStream(json), attempt.id());
    assertThat(read).isEqualTo(new LockClaim(attempt, 60, List.of(), 7));
  }

  @SuppressWarnings("try") // closed early on purpose
  @Test
  void aSecondOneIsRefusedWithTheOwnersNameUntilTheFirstIsClosed() {
    try (RunDirectory second = open()) {
      try (RunDirectory first = open()) {
        first.lock(IMPATIENT);
        first.writeText("a.txt", "1");
        assertThatThrownBy(() -> second.lock(IMPATIENT))
            .isInstanceOf(MonaException.class)
            .hasMessageContaining("is being written by " + first.attempt().text())
            .hasMessageContaining("application 'app-1'");
        first.writeText("a.txt", "2");
      }
      second.lock(IMPATIENT);
      second.writeText("a.txt", "3");
    }
    assertThat(root.toFile().list()).containsExactly("a.txt");
  }

  /** Two drivers of one run id: both went on in 65 of 65 races. */
  @Test
  void ofSeveralThatBeginTogetherOneGoesOn() throws InterruptedException, ExecutionException {
    int attempts = 4;
    ExecutorService threads = Executors.newFixedThreadPool(attempts);
    try {
      for (int race = 0; race < 10; race++) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch decided = new CountDownLatch(attempts);
        List<Future<Boolean>> owners = new ArrayList<>();
        for (int a = 0; a < attempts; a++) {
          owners.add(
              threads.submit(
                  () -> {
                    try (RunDirectory run = open()) {
                      start.await();
                      try {
                        run.lock(IMPATIENT);
                      } catch (MonaException e) {
                        decided.countDown();
                        return false;
                      }
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      decided.countDown();
                      decided.await();
                      inside.decrementAndGet();
                      return true;
                    }
                  }));
        }
        start.countDown();
        int held = 0;
        for (Future<Boolean> owner : owners) {
          held += owner.get() ? 1 : 0;
        }
        assertThat(most.get()).as("race %d", race).isEqualTo(held).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aDeadOwnersLockIsTakenOverAndItsUnfinishedFilesRemoved() throws IOException {
    Attempt dead = gone("");
    Path old = claim(dead, Duration.ofSeconds(61));
    Path left = root.resolve("metrics/.tmp-" + dead.id() + "-1-rounds.jsonl");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "half");
    Path foreign = root.resolve("metrics/.tmp-notes");
    Files.writeString(foreign, "a user's own");
    try (RunDirectory run = open()) {
      run.lock(IMPATIENT);
      assertThat(old).doesNotExist();
      assertThat(left).doesNotExist();
      assertThat(foreign).exists();
    }
  }

  /** What a scheduler does after a SIGKILL: it starts the same again, a second later. */
  @Test
  void anOwnerWhoseProcessIsSeenToBeGoneIsNotWaitedFor() throws IOException {
    claim(gone(Attempt.of("").process().machine()), Duration.ZERO);
    long began = System.nanoTime();
    try (RunDirectory run = open()) {
      run.lock(new Lease(Duration.ofSeconds(60), Duration.ofSeconds(60)));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aYoungClaimOfAnotherMachineHolds() throws IOException {
    Path other = claim(gone(""), Duration.ofSeconds(50));
    try (RunDirectory run = open()) {
      assertThatThrownBy(() -> run.lock(IMPATIENT)).hasMessageContaining("'elsewhere'");
    }
    assertThat(root.toFile().list()).containsExactly(other.getFileName().toString());
    Files.writeString(other, "{", java.nio.charset.StandardCharsets.UTF_8);
    try (RunDirectory run = open()) {
      assertThatThrownBy(() -> run.lock(IMPATIENT)).hasMessageContaining("is being written by");
    }
  }

  @Test
  void oneWhoWaitsTakesOverWhenTheLeaseIsOver() throws IOException {
    claim(gone(""), Duration.ofMillis(59_500));
    try (RunDirectory run = open()) {
      run.lock(new Lease(Duration.ofSeconds(60), Duration.ofSeconds(10)));
      run.writeText("a.txt", "1");
    }
  }

  @Test
  void anOwnerThatLostItsLockPublishesNothingMore() throws IOException {
    try (RunDirectory sleeper = open();
        RunDirectory next = open()) {
      sleeper.lock(IMPATIENT);
      sleeper.writeText("a.txt", "old");
      // as after a long pause
      Path claim = root.resolve(".lock-" + sleeper.attempt().id());
      Files.setLastModifiedTime(claim, FileTime.from(Instant.now().minusSeconds(100)));
      next.lock(IMPATIENT);
      next.writeText("a.txt", "new");
      // a sign of life that was on its way
      Files.write(claim, new LockClaim(sleeper.attempt(), 60, List.of(), 9).bytes());

      String lost = "was taken over by " + next.attempt().text();
      assertThatThrownBy(() -> sleeper.writeText("a.txt", "older"))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining(lost);
      assertThatThrownBy(() -> sleeper.delete("a.txt")).hasMessageContaining(lost);
      assertThatThrownBy(sleeper::verifyLock).hasMessageContaining(lost);
      next.verifyLock();
      assertThat(root.resolve("a.txt")).hasContent("new");
    }
    assertThat(root.toFile().list()).containsExactly("a.txt");
  }

  @Test
  void anOwnerGivesSignsOfLife() throws IOException, InterruptedException {
    try (RunDirectory run = open()) {
      run.lock(new Lease(Duration.ofSeconds(1), Duration.ZERO));
      Path claim = root.resolve(".lock-" + run.attempt().id());
      byte[] first = Files.readAllBytes(claim);
      for (int i = 0; i < 100 && java.util.Arrays.equals(first, Files.readAllBytes(claim)); i++) {
        Thread.sleep(20);
      }
      assertThat(Files.readAllBytes(claim)).isNotEqualTo(first);
    }
  }

  @Test
  void anOwnerIsToldThatItLostItsLockBeforeItWrites() throws IOException, InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    try (RunDirectory run = open()) {
      run.lock(new Lease(Duration.ofSeconds(1), Duration.ZERO), told::countDown);
      Attempt other = gone("");
      List<String> over = List.of(run.attempt().id());
      Files.write(root.resolve(".lock-" + other.id()), new LockClaim(other, 60, over, 1).bytes());
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(run::verifyLock).hasMessageContaining("was taken over by");
    }
  }

  /** The lock of "set" lies beside that of "set.lock-b", whose name begins alike. */
  @Test
  void directoriesWithNamesThatBeginAlikeDoNotShareALock() throws IOException {
    try (RawLocalFileSystem files = new RawLocalFileSystem()) {
      files.initialize(URI.create("file:///"), new Configuration());
      org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(root.toUri());
      Lease impatient = new Lease(Duration.ofSeconds(60), Duration.ZERO);
      try (OutputLock longer =
              OutputLock.take(
                  files, new org.apache.hadoop.fs.Path(folder, "set.lock-b"), impatient);
          OutputLock shorter =
              OutputLock.take(files, new org.apache.hadoop.fs.Path(folder, "set"), impatient)) {
        longer.verify();
        shorter.verify();
      }
    }
  }

  /** A local file system that does something at every listing. */
  private static final class Listed extends RawLocalFileSystem {
    private volatile Step step = () -> {};

    Listed() throws IOException {
      initialize(URI.create("file:///"), new Configuration());
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
      step.run();
      return super.listStatus(path);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private DirectoryLock take(Listed files, Lease lease) throws IOException {
    org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(root.toUri());
    return DirectoryLock.take(files, directory, ".lock-", Attempt.of(""), lease);
  }

  /** Nobody owns the directory; the other one writes its claim anew with every try, too. */
  @Test
  void anotherWhoOnlyTriesIsNotTakenForAnOwner() throws IOException {
    try (Listed files = new Listed()) {
      Attempt other = gone("");
      AtomicInteger listings = new AtomicInteger();
      files.step =
          () -> {
            int now = listings.incrementAndGet();
            Path file = root.resolve(".lock-" + other.id());
            Files.write(file, new LockClaim(other, 60, List.of(), 0).bytes());
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(20L - now)));
            if (now > 8) {
              Files.delete(file);
            }
          };
      take(files, new Lease(Duration.ofSeconds(60), Duration.ofSeconds(50))).close();
      assertThat(listings).hasValue(9);
    }
  }

  /** Whoever comes when the file system is back should find a sign of life. */
  @Test
  void anOwnerWhoseSignOfLifeFailsGivesItSoon() throws IOException, InterruptedException {
    try (Listed files = new Listed();
        DirectoryLock lock = take(files, new Lease(Duration.ofSeconds(6), Duration.ZERO))) {
      CountDownLatch failures = new CountDownLatch(10);
      files.step =
          () -> {
            failures.countDown();
            throw new IOException("the file system is away");
          };
      // ten signs of life at their usual pace, one a second, would take longer
      assertThat(failures.await(8, TimeUnit.SECONDS)).isTrue();
      files.step = () -> {};
      lock.verify();
    }
  }

  @Test
  void aDirectoryThatWasMadeForNothingGoesAgain() {
    try (RunDirectory run = open()) {
      run.lock(IMPATIENT);
      assertThat(root).isDirectory();
    }
    assertThat(root.getParent()).doesNotExist();
  }
}
