package dev.mona.training;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The moments of a run at which its process can be killed: every round, and every step of writing a
 * file. At one of them the thread stands still, a file says so, and the others go on.
 */
public final class Moments {
  /** What the process is at. */
  enum Kind {
    ROUND,
    CREATE,
    HALF_WRITTEN,
    CLOSE,
    BEFORE_RENAME,
    AFTER_RENAME,
    DELETE
  }

  private static final Map<Kind, AtomicInteger> COUNTS = new EnumMap<>(Kind.class);
  private static volatile Kind kind = Kind.ROUND;
  private static volatile int number;
  private static volatile Path sign = Path.of("unset");

  static {
    for (Kind each : Kind.values()) {
      COUNTS.put(each, new AtomicInteger());
    }
  }

  private Moments() {}

  /** Stands still at one moment, counted from 1 within its kind. */
  static void standAt(Kind newKind, int newNumber, Path newSign) {
    kind = newKind;
    number = newNumber;
    sign = newSign;
  }

  /** How many of a kind have passed in this process. */
  static int count(Kind of) {
    return Objects.requireNonNull(COUNTS.get(of)).get();
  }

  static void pass(Kind of, String what) {
    int passed = Objects.requireNonNull(COUNTS.get(of)).incrementAndGet();
    if (of != kind || passed != number) {
      return;
    }
    try {
      Path unfinished = sign.resolveSibling("unfinished");
      Files.writeString(unfinished, of + " " + passed + " " + what);
      Files.move(unfinished, sign);
      new CountDownLatch(1).await();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The local disk. */
  static final class Disk extends RawLocalFileSystem {
    private static String name(org.apache.hadoop.fs.Path file) {
      return file.getParent().getName() + "/" + file.getName();
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      pass(Kind.CREATE, name(file));
      FSDataOutputStream made = super.create(file, overwrite, buffer, replication, block, progress);
      return new FSDataOutputStream(
          new FilterOutputStream(made) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              int half = length / 2;
              out.write(bytes, from, half);
              out.flush();
              pass(Kind.HALF_WRITTEN, name(file));
              out.write(bytes, from + half, length - half);
            }

            @Override
            public void close() throws IOException {
              pass(Kind.CLOSE, name(file));
              super.close();
            }
          },
          null);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      pass(Kind.BEFORE_RENAME, name(to));
      boolean renamed = super.rename(from, to);
      pass(Kind.AFTER_RENAME, name(to));
      return renamed;
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path file, boolean all) throws IOException {
      pass(Kind.DELETE, name(file));
      return super.delete(file, all);
    }
  }
}
