package dev.mona.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of one model, wherever they are stored. */
public interface ModelFolder {
  /** Whether there is a file of that name. */
  boolean has(String file) throws IOException;

  /** Length of a file in bytes. */
  long length(String file) throws IOException;

  /** A file from its first byte on; the caller closes it. */
  InputStream open(String file) throws IOException;

  /** What messages call the folder. */
  String where();

  /** A folder of the local file system. */
  static ModelFolder of(Path folder) {
    return new ModelFolder() {
      @Override
      public boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
      }

      @Override
      public long length(String file) throws IOException {
        return Files.size(folder.resolve(file));
      }

      @Override
      public InputStream open(String file) throws IOException {
        return Files.newInputStream(folder.resolve(file));
      }

      @Override
      public String where() {
        return folder.toString();
      }
    };
  }
}
