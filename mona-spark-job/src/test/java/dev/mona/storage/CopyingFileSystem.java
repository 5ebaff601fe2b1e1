package dev.mona.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system on which nothing is one step but to delete a file: a file is written in two halves,
 * a rename copies and then deletes, file by file. The process can be made to die before any of
 * these steps.
 */
public final class CopyingFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("copying:///");
  private static final int IMMORTAL = Integer.MAX_VALUE;
  private static final AtomicInteger STEPS = new AtomicInteger(IMMORTAL);

  /** What a SIGKILL would be: nothing after it has any effect. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Settings that know {@code copying:} addresses. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.copying.impl", CopyingFileSystem.class.getName());
    return configuration;
  }

  /** Dies before the step of this number, counted from 0. */
  public static void dieBefore(int step) {
    STEPS.set(step);
  }

  /** Whether it died; it lives again. */
  public static boolean revive() {
    return STEPS.getAndSet(IMMORTAL) < 0;
  }

  private static void step() {
    if (STEPS.get() != IMMORTAL && STEPS.getAndDecrement() <= 0) {
      STEPS.set(-1);
      throw new Killed();
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(ROOT, configuration);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    step();
    OutputStream out = super.create(file, overwrite, buffer, replication, block, progress);
    return new FSDataOutputStream(new Halves(out), null);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, buffer, replication, block, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    FileStatus status = getFileStatus(from);
    if (status.isDirectory()) {
      FileStatus[] files = listStatus(from);
      Arrays.sort(files);
      mkdirs(to);
      for (FileStatus file : files) {
        rename(file.getPath(), new Path(to, file.getPath().getName()));
      }
    } else {
      FileUtil.copy(this, from, this, to, false, getConf());
    }
    return delete(from, true);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    step();
    return super.delete(path, recursive);
  }

  /** Comes in two halves, when it is closed. */
  private static final class Halves extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean closed;

    Halves(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      content.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      content.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (OutputStream closing = out) {
        byte[] bytes = content.toByteArray();
        step();
        closing.write(bytes, 0, bytes.length / 2);
        step();
        closing.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
      }
    }
  }
}
