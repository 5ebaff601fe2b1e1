package dev.mona.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes that pass. */
final class CountingStream extends FilterOutputStream {
  private long bytes;

  CountingStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    bytes++;
  }

  @Override
  public void write(byte[] b, int from, int length) throws IOException {
    out.write(b, from, length);
    bytes += length;
  }

  long bytes() {
    return bytes;
  }
}
