package dev.mona.published;

import dev.mona.MonaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What precedes the samples of a WAV file (RIFF, little-endian). Java's own reader takes a length
 * of 0 literally; programs that write to a pipe cannot go back to put the length in, and leave 0 or
 * the largest number there.
 *
 * @param code of the encoding; 1 for whole numbers
 * @param channels number of channels
 * @param rate samples a second
 * @param bits of a sample
 * @param bytes of all samples; empty (-1) when they go on to the end of the file
 */
record WavHeader(int code, int channels, long rate, int bits, long bytes) {
  /** Whole numbers. */
  static final int PCM = 1;

  /** The encoding stands further down in the chunk. */
  private static final int EXTENSIBLE = 0xFFFE;

  private static final int FORMAT_BYTES = 16;
  private static final int EXTENDED_BYTES = 26;
  private static final long MOST_BEFORE = 1 << 20;
  private static final long UNKNOWN = 0xFFFFFFFFL;

  /** Length of what a program that does not know it writes: as long as the header itself. */
  private static final long LONGEST_HEADER = 1 << 10;

  /**
   * Reads up to the first sample.
   *
   * @param in the file at its first byte
   * @param where names the file in errors
   */
  static WavHeader read(InputStream in, String where) throws IOException {
    ByteBuffer riff = bytes(in, 12, where);
    if (!id(riff, 0).equals("RIFF") || !id(riff, 8).equals("WAVE")) {
      throw MonaException.data(where + " is no WAV file: fetch it again");
    }
    long whole = riff.getInt(4) & UNKNOWN;
    ByteBuffer format = ByteBuffer.allocate(0);
    long at = 12;
    while (true) {
      ByteBuffer chunk = bytes(in, 8, where);
      long size = chunk.getInt(4) & UNKNOWN;
      at += 8;
      if (id(chunk, 0).equals("data")) {
        return header(format, whole, at, size, where);
      }
      long padded = size + (size & 1);
      if (at + padded > MOST_BEFORE) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s has no sound in its first %d bytes, after the chunk at byte %d: fetch it again",
                where,
                MOST_BEFORE,
                at - 8));
      }
      ByteBuffer content = bytes(in, (int) padded, where);
      if (id(chunk, 0).equals("fmt ")) {
        format = content;
      }
      at += padded;
    }
  }

  private static WavHeader header(ByteBuffer format, long whole, long at, long size, String where) {
    if (format.capacity() < FORMAT_BYTES) {
      throw MonaException.data(where + " does not say how its samples are coded: fetch it again");
    }
    int code = format.getShort(0) & 0xFFFF;
    if (code == EXTENSIBLE && format.capacity() >= EXTENDED_BYTES) {
      code = format.getShort(24) & 0xFFFF;
    }
    // with chunks behind no samples at all, the whole is longer
    boolean streamed =
        size == UNKNOWN || (size == 0 && (whole <= at - 8 || whole >= UNKNOWN - LONGEST_HEADER));
    return new WavHeader(
        code,
        format.getShort(2) & 0xFFFF,
        format.getInt(4) & UNKNOWN,
        format.getShort(14) & 0xFFFF,
        streamed ? -1 : size);
  }

  private static String id(ByteBuffer bytes, int at) {
    byte[] id = new byte[4];
    bytes.get(at, id);
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  private static ByteBuffer bytes(InputStream in, int count, String where) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw MonaException.data(where + " ends before its sound begins: fetch it again");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
