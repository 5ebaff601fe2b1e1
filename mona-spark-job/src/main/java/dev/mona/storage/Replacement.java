package dev.mona.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Set;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * How a file gets new content on a kind of file system, so that whenever the writer dies the older
 * content or the newer one is there. docs/reliability.md has a table of what holds where.
 */
sealed interface Replacement {

  /** Object stores whose {@code create} shows nothing before the stream is closed. */
  Set<String> STORES = Set.of("s3a", "s3", "gs", "oss", "cosn");

  static Replacement on(FileSystem files) {
    if (files instanceof DistributedFileSystem hdfs) {
      return new HdfsRename(hdfs);
    }
    String scheme = files.getUri().getScheme();
    if ("file".equals(scheme)) {
      return new LocalRename(files);
    }
    return STORES.contains(scheme) ? new WholePut(files) : new Successor(files);
  }

  /** Content that nobody sees yet. */
  Draft draft(Path target, Path temporary);

  /** Deletes a file or a directory. */
  void delete(Path target) throws IOException;

  /** The file that holds the content of a name now. */
  default Path current(Path target) throws IOException {
    return target;
  }

  /** Content of a file on its way. */
  interface Draft {
    /** A stream to fill. */
    OutputStream open() throws IOException;

    /** Makes a filled and closed draft the content of its name. */
    void publish(String sha256) throws IOException;

    /** Removes what was not published. */
    void discard() throws IOException;
  }

  /** Written beside the file; the rename over it is one step. */
  private static Draft beside(FileSystem files, Path temporary, Publication publication) {
    return new Draft() {
      @Override
      public OutputStream open() throws IOException {
        // a name node gives missing parents of a file the permissions of those above, not the umask
        files.mkdirs(temporary.getParent());
        return synced(files.create(temporary, true));
      }

      @Override
      public void publish(String sha256) throws IOException {
        publication.publish(sha256);
      }

      @Override
      public void discard() throws IOException {
        files.delete(temporary, false);
      }
    };
  }

  /** The last step of a draft. */
  interface Publication {
    void publish(String sha256) throws IOException;
  }

  private static OutputStream synced(FSDataOutputStream file) {
    return new java.io.FilterOutputStream(file) {
      private boolean closed;

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        if (!closed) {
          closed = true;
          try {
            file.flush();
            if (file.hasCapability(StreamCapabilities.HSYNC)) {
              file.hsync();
            }
          } catch (IOException e) {
            abandon(e);
            throw e;
          }
          file.close();
        }
      }

      /** HDFS throws the exception of the stream from everything that is done with it. */
      private void abandon(IOException failure) {
        try {
          file.close();
        } catch (IOException second) {
          if (second != failure) {
            failure.addSuppressed(second);
          }
        }
      }
    };
  }

  /** A local disk: rename(2) replaces. */
  record LocalRename(FileSystem files) implements Replacement {
    @Override
    public void delete(Path target) throws IOException {
      files.delete(target, true);
    }

    @Override
    public Draft draft(Path target, Path temporary) {
      return beside(files, temporary, sha256 -> rename(hadoops(), temporary, target));
    }

    /**
     * Hadoop's own class for the same disk. What Hive puts in its place, in every release of Spark
     * that has Hive, refuses to rename to a name that is taken.
     */
    private FileSystem hadoops() {
      return files instanceof LocalFileSystem local
          ? new LocalFileSystem(local.getRawFileSystem())
          : files;
    }
  }

  /** HDFS: a plain rename refuses a name that is taken, this one replaces. */
  record HdfsRename(DistributedFileSystem files) implements Replacement {
    @Override
    public void delete(Path target) throws IOException {
      files.delete(target, true);
    }

    @Override
    public Draft draft(Path target, Path temporary) {
      return beside(
          files, temporary, sha256 -> files.rename(temporary, target, Options.Rename.OVERWRITE));
    }
  }

  /**
   * An object store: one request puts the whole content under its name, or none of it. The content
   * is completed on the local disk first, so that a writer that fails sends no request.
   */
  record WholePut(FileSystem files) implements Replacement {
    @Override
    public void delete(Path target) throws IOException {
      files.delete(target, true);
    }

    @Override
    public Draft draft(Path target, Path temporary) {
      return new Draft() {
        private java.nio.file.@org.jspecify.annotations.Nullable Path local;

        @Override
        public OutputStream open() throws IOException {
          local = Files.createTempFile("mona-", ".put");
          return Files.newOutputStream(local);
        }

        @Override
        public void publish(String sha256) throws IOException {
          if (local == null) {
            throw new IllegalStateException("nothing was written");
          }
          try (InputStream in = Files.newInputStream(local);
              OutputStream out = files.create(target, true)) {
            in.transferTo(out);
          }
          discard();
        }

        @Override
        public void discard() throws IOException {
          if (local != null) {
            Files.deleteIfExists(local);
          }
        }
      };
    }
  }

  /**
   * Any other file system: nothing is taken to be one step. The new content stands whole under a
   * name that carries its checksum, the successor, before the older is deleted; as long as a
   * successor is there and matches its name, it is the content.
   */
  record Successor(FileSystem files) implements Replacement {
    private static final String PREFIX = ".next-";
    private static final int HEX = 64;

    @Override
    public void delete(Path target) throws IOException {
      for (FileStatus successor : successors(target)) {
        files.delete(successor.getPath(), false);
      }
      files.delete(target, true);
    }

    @Override
    public Draft draft(Path target, Path temporary) {
      return beside(files, temporary, sha256 -> publish(temporary, target, sha256));
    }

    private void publish(Path temporary, Path target, String sha256) throws IOException {
      Path successor = new Path(target.getParent(), PREFIX + sha256 + "-" + target.getName());
      files.delete(successor, false);
      rename(files, temporary, successor);
      for (FileStatus older : successors(target)) {
        if (!older.getPath().equals(successor)) {
          files.delete(older.getPath(), false);
        }
      }
      files.delete(target, false);
      rename(files, successor, target);
    }

    @Override
    public Path current(Path target) throws IOException {
      for (FileStatus successor : successors(target)) {
        String name = successor.getPath().getName();
        String expected = name.substring(PREFIX.length(), PREFIX.length() + HEX);
        try (InputStream in = files.open(successor.getPath())) {
          if (Sha256.of(in).equals(expected)) {
            return successor.getPath();
          }
        }
      }
      return target;
    }

    private FileStatus[] successors(Path target) throws IOException {
      try {
        return files.listStatus(
            target.getParent(),
            path ->
                path.getName().startsWith(PREFIX)
                    && path.getName().length()
                        == PREFIX.length() + HEX + 1 + target.getName().length()
                    && path.getName().endsWith("-" + target.getName()));
      } catch (java.io.FileNotFoundException e) {
        return new FileStatus[0];
      }
    }
  }

  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }
}
