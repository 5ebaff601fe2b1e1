package dev.mona.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.StandIn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The safetensors format: 8 bytes little-endian length of the header, the header as JSON ({@code
 * name -> dtype, shape, data_offsets}), then the data of the tensors, little-endian and row-major,
 * without gaps (<a href="https://huggingface.co/docs/safetensors">format</a>).
 *
 * <p>Read: F32, F16 and BF16, widened to float, and F64, rounded to it; integer and boolean tensors
 * are passed over, other types refused. Written: F32. Streams are read once, from the front, in
 * bounded pieces, and nothing is allocated that the length of the file does not cover. A damaged
 * file ends in a {@link MonaException} of the category {@code WEIGHTS}; a failing stream in an
 * {@link IOException}.
 */
public final class Safetensors {
  /** The longest header that is read, in bytes: the format's own limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int LENGTH_BYTES = 8;
  private static final JsonFactory JSON = new JsonFactory();

  private Safetensors() {}

  /**
   * The tensors of a file, in the order of its header.
   *
   * @param in the file, at its first byte; not closed
   * @param length the length of the file in bytes
   * @param where name of the file for messages
   */
  public static Map<String, WeightTensor> read(InputStream in, long length, String where)
      throws IOException {
    SafetensorsHeader header = readHeader(in, length, where);
    ByteBudget memory = ByteBudget.ofHeap(MonaException.Category.WEIGHTS, where);
    Map<String, float[]> values = new HashMap<>();
    for (SafetensorsHeader.Entry entry : header.inStorageOrder()) {
      if (entry.type().use() == ElementType.Use.WEIGHTS) {
        values.put(entry.name(), readValues(in, entry, memory, where));
      } else {
        skip(in, entry, where);
      }
    }
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      float[] data = values.get(entry.name());
      if (data != null) {
        tensors.put(entry.name(), new WeightTensor(entry.name(), entry.shape(), data));
      }
    }
    return tensors;
  }

  /**
   * The free-form strings that a file carries beside its tensors; empty when there are none. Reads
   * no further than the header.
   *
   * @param in the file, at its first byte; not closed
   * @param length the length of the file in bytes
   * @param where name of the file for messages
   */
  public static Map<String, String> readMetadata(InputStream in, long length, String where)
      throws IOException {
    return readHeader(in, length, where).metadata();
  }

  /**
   * Writes tensors as F32, in the order given; the same input gives the same bytes.
   *
   * @param out where the file goes; not closed
   * @param tensors the tensors, names unique
   * @param metadata free-form strings, written by ascending key
   */
  public static void write(
      OutputStream out, List<WeightTensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    int padding = Math.floorMod(-header.length, LENGTH_BYTES);
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(buffer.putLong(header.length + padding).array(), 0, LENGTH_BYTES);
    out.write(header);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    for (WeightTensor tensor : tensors) {
      float[] values = tensor.values();
      FloatBuffer floats = buffer.clear().asFloatBuffer();
      for (int at = 0; at < values.length; at += floats.capacity()) {
        int n = Math.min(floats.capacity(), values.length - at);
        floats.put(0, values, at, n);
        out.write(buffer.array(), 0, Float.BYTES * n);
      }
    }
  }

  private static byte[] header(List<WeightTensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
    long offset = 0;
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (WeightTensor tensor : tensors) {
        if (!names.add(tensor.name())) {
          throw new IllegalArgumentException(
              "tensor name " + tensor.name() + " is taken; names must be unique");
        }
        long end = offset + (long) Float.BYTES * tensor.values().length;
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", ElementType.F32.name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * The header of a file: names, types and shapes of its tensors, and its metadata. Reads no
   * further.
   *
   * @param in the file, at its first byte; not closed
   * @param length the length of the file in bytes
   * @param where name of the file for messages
   */
  public static SafetensorsHeader readHeader(InputStream in, long length, String where)
      throws IOException {
    if (length < LENGTH_BYTES) {
      throw MonaException.weights(
          where + " holds " + length + " bytes, too few for a safetensors file; fetch it again");
    }
    byte[] start = readExactly(in, LENGTH_BYTES, where);
    long headerLength = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long rest = length - LENGTH_BYTES;
    if (headerLength < 2 || headerLength > Math.min(rest, MAX_HEADER_BYTES)) {
      StandIn.refuse(
          MonaException.Category.WEIGHTS,
          where,
          new SequenceInputStream(new ByteArrayInputStream(start), in));
      throw MonaException.weights(
          String.format(
              Locale.ROOT,
              "%s announces a safetensors header of %s bytes, but it can have 2 to %d; it is truncated or not a safetensors file",
              where,
              Long.toUnsignedString(headerLength),
              Math.min(rest, MAX_HEADER_BYTES)));
    }
    byte[] json = readExactly(in, (int) headerLength, where);
    return SafetensorsHeader.parse(json, rest - headerLength, where);
  }

  private static float[] readValues(
      InputStream in, SafetensorsHeader.Entry entry, ByteBudget memory, String where)
      throws IOException {
    String tensor = "tensor " + Quoted.of(entry.name());
    float[] values = new float[memory.array(Shapes.elements(entry.shape()), Float.BYTES, tensor)];
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, entry.end() - entry.begin())];
    int perChunk = CHUNK_BYTES / entry.type().bytes();
    int from = 0;
    while (from < values.length) {
      int count = Math.min(perChunk, values.length - from);
      readExactly(in, chunk, count * entry.type().bytes(), where);
      entry
          .type()
          .decode(ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN), values, from, count);
      from += count;
    }
    return values;
  }

  private static void skip(InputStream in, SafetensorsHeader.Entry entry, String where)
      throws IOException {
    try {
      in.skipNBytes(entry.end() - entry.begin());
    } catch (EOFException e) {
      throw truncated(where);
    }
  }

  /** Grows with what the stream really holds, so that a false length costs no memory. */
  private static byte[] readExactly(InputStream in, int count, String where) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw truncated(where);
    }
    return bytes;
  }

  private static void readExactly(InputStream in, byte[] target, int count, String where)
      throws IOException {
    if (in.readNBytes(target, 0, count) < count) {
      throw truncated(where);
    }
  }

  private static MonaException truncated(String where) {
    return MonaException.weights(
        where + " ends before the data its header announces; it is truncated, fetch it again");
  }
}
