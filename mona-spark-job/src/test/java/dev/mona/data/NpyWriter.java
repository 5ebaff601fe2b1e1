package dev.mona.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes npy and npz files for tests; independent of the reader. */
public final class NpyWriter {
  private NpyWriter() {}

  /** An npy 1.0 file of values given in row-major order. */
  public static byte[] npy(String descr, boolean fortran, int[] shape, double... rowMajor) {
    return file(1, header(descr, fortran, shape), data(descr, fortran, shape, rowMajor));
  }

  public static String header(String descr, boolean fortran, int... shape) {
    String sizes = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(descr, fortran ? "True" : "False", sizes);
  }

  /** Any header text before any data. */
  public static byte[] file(int version, String header, byte[] data) {
    byte[] text = (header + " \n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).put(data);
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] data(String descr, boolean fortran, int[] shape, double... rowMajor) {
    int item = descr.charAt(2) - '0';
    ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer out = ByteBuffer.allocate(rowMajor.length * item).order(order);
    for (int i = 0; i < rowMajor.length; i++) {
      int at = (fortran ? columnMajorPosition(i, shape) : i) * item;
      double value = rowMajor[i];
      switch (descr.substring(1)) {
        case "f4" -> out.putFloat(at, (float) value);
        case "f8" -> out.putDouble(at, value);
        case "i8" -> out.putLong(at, (long) value);
        case "u8" -> out.putLong(at, new BigDecimal(value).toBigInteger().longValue());
        case "i4", "u4" -> out.putInt(at, (int) (long) value);
        case "i2", "u2" -> out.putShort(at, (short) (int) value);
        default -> out.put(at, (byte) (int) value);
      }
    }
    return out.array();
  }

  /** Position in a column-major file of the element at a row-major position. */
  static int columnMajorPosition(int rowMajorPosition, int... shape) {
    int[] index = new int[shape.length];
    int rest = rowMajorPosition;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    int position = 0;
    for (int d = shape.length - 1; d >= 0; d--) {
      position = position * shape[d] + index[d];
    }
    return position;
  }

  /** A compressed npz file of npy files by array name. */
  public static byte[] npz(Map<String, byte[]> arrays) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
