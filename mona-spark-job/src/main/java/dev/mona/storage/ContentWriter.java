package dev.mona.storage;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the content of one file; does not close the stream. */
@FunctionalInterface
public interface ContentWriter {
  void writeTo(OutputStream out) throws IOException;
}
