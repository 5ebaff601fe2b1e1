package dev.mona.storage;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the content of one file; does not close the stream.
 *
 * @param <T> what it makes of it
 */
@FunctionalInterface
public interface ContentReader<T> {

  /**
   * Reads.
   *
   * @param in the file, from its start
   * @param length its length in bytes
   */
  T readFrom(InputStream in, long length) throws IOException;
}
