package dev.mona.numpy;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the npy format, versions 1.0, 2.0 and 3.0 (NumPy enhancement proposal 1 and {@code
 * numpy.lib.format}). Nothing is allocated before the sizes in the header agree with the length of
 * the file.
 */
public final class NpyReader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;

  /** Bytes of an array in memory. */
  static final int MAX_DATA = Integer.MAX_VALUE - 8;

  private NpyReader() {}

  /**
   * What precedes the data.
   *
   * @param header shape and type
   * @param at where the data begin
   * @param bytes how many there are
   */
  private record Start(NpyHeader header, long at, long bytes) {}

  /**
   * Reads one array.
   *
   * @param in at the first byte of the file; read to its end, not closed
   * @param length bytes of the file
   * @param where names the file in errors
   * @throws MonaException if this is not an npy file, is truncated or too long, or has an element
   *     type that is not read
   * @throws IOException if the stream fails
   */
  public static NpyArray read(InputStream in, long length, String where) throws IOException {
    Start start = start(in, length, where);
    if (start.bytes > MAX_DATA) {
      throw MonaException.data(
          where
              + " holds "
              + start.bytes
              + " bytes, more than "
              + MAX_DATA
              + ": save the array row-major in an npy file of its own, on a local disk");
    }
    // a column-major file is copied into rows
    int copies = start.header.fortranOrder() ? 2 : 1;
    ByteBudget.ofHeap(MonaException.Category.DATA, where).take(copies * start.bytes, "array");
    byte[] data = new byte[(int) start.bytes];
    int read = in.readNBytes(data, 0, data.length);
    if (read < data.length) {
      throw tooShort(where, data.length - read);
    }
    if (in.read() != -1) {
      throw MonaException.data(where + " goes on after its array: it is corrupt, fetch it again");
    }
    NpyHeader header = start.header;
    if (header.fortranOrder()) {
      data = rowMajor(data, header.type().bytes(), header.shape());
    }
    return new NpyArray(header.type(), header.order(), header.shape(), data);
  }

  /**
   * Maps the array of a local file that is too long for the memory of {@link #read}. The file must
   * not change while the array is used.
   *
   * @throws MonaException as {@link #read}, and if the array is column-major
   */
  public static NpyArray map(Path file, String where) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      // not closed: it would close the channel
      Start start = start(Channels.newInputStream(channel), channel.size(), where);
      if (start.header.fortranOrder()) {
        throw MonaException.data(
            where + " is column-major and long: save it with numpy.ascontiguousarray");
      }
      List<ByteBuffer> pages = new ArrayList<>();
      for (long from = 0; from < start.bytes; from += NpyArray.PAGE) {
        long size = Math.min(NpyArray.PAGE, start.bytes - from);
        pages.add(channel.map(FileChannel.MapMode.READ_ONLY, start.at + from, size));
      }
      NpyHeader header = start.header;
      return new NpyArray(header.type(), header.order(), header.shape(), pages);
    }
  }

  private static Start start(InputStream in, long length, String where) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw MonaException.data(where + " is not an npy file: write it with numpy.save");
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw MonaException.data(
          where + " has npy version " + version + "." + start[7] + ": write it as 1.0, 2.0 or 3.0");
    }
    int sizeBytes = version == 1 ? 2 : 4;
    ByteBuffer size = ByteBuffer.wrap(exactly(in, sizeBytes, where));
    size.order(ByteOrder.LITTLE_ENDIAN);
    long headerBytes = version == 1 ? size.getShort() & 0xFFFF : size.getInt() & 0xFFFFFFFFL;
    if (headerBytes > MAX_HEADER) {
      throw MonaException.data(
          where
              + " has an npy header of "
              + headerBytes
              + " bytes, at most "
              + MAX_HEADER
              + " are read: it is corrupt");
    }
    byte[] text = exactly(in, (int) headerBytes, where);
    NpyHeader header =
        NpyHeader.parse(
            new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
            where);
    long wanted = header.dataBytes(where);
    long present = length - (start.length + sizeBytes + headerBytes);
    if (wanted != present) {
      throw MonaException.data(
          where
              + " should hold "
              + wanted
              + " bytes for shape "
              + header.shape()
              + " of "
              + header.type().descr()
              + " and holds "
              + present
              + ": it is truncated or corrupt, fetch it again");
    }
    return new Start(header, length - present, wanted);
  }

  private static byte[] exactly(InputStream in, int count, String where) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw tooShort(where, count - bytes.length);
    }
    return bytes;
  }

  private static MonaException tooShort(String where, int missing) {
    return MonaException.data(where + " ends " + missing + " bytes too early: fetch it again");
  }

  /** Reorders elements from "first index fastest" to "last index fastest". */
  private static byte[] rowMajor(byte[] columnMajor, int itemBytes, List<Integer> shape) {
    int dimensions = shape.size();
    int[] strides = new int[dimensions];
    int stride = itemBytes;
    for (int d = 0; d < dimensions; d++) {
      strides[d] = stride;
      stride *= shape.get(d);
    }
    byte[] result = new byte[columnMajor.length];
    int[] index = new int[dimensions];
    int from = 0;
    for (int to = 0; to < result.length; to += itemBytes) {
      System.arraycopy(columnMajor, from, result, to, itemBytes);
      for (int d = dimensions - 1; d >= 0; d--) {
        from += strides[d];
        if (++index[d] < shape.get(d)) {
          break;
        }
        from -= strides[d] * index[d];
        index[d] = 0;
      }
    }
    return result;
  }
}
