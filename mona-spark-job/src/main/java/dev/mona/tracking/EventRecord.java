package dev.mona.tracking;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.tensorflow.framework.Summary;

/**
 * Records of TensorBoard's event files: TensorFlow's record format around the message {@code
 * tensorflow.Event}.
 *
 * <pre>
 * uint64 length   uint32 masked CRC-32C of it   byte data[length]   uint32 masked CRC-32C of data
 * </pre>
 *
 * all of them little-endian, where the masked form of a checksum c is (c &gt;&gt;&gt; 15 | c
 * &lt;&lt; 17) + 0xa282ead8.
 */
final class EventRecord {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;

  // fields of tensorflow.Event
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  // of tensorflow.SessionLog
  private static final int STATUS = 1;
  private static final int START = 1;

  private EventRecord() {}

  /**
   * The first record of a file.
   *
   * @param seconds since 1970
   */
  static byte[] version(double seconds) {
    return record(
        event -> {
          event.writeDouble(WALL_TIME, seconds);
          event.writeString(FILE_VERSION, VERSION);
        });
  }

  /** Says to readers that values of this step and later ones, so far, are told again. */
  static byte[] restart(double seconds, long step) {
    byte[] log = message(session -> session.writeEnum(STATUS, START));
    return record(
        event -> {
          event.writeDouble(WALL_TIME, seconds);
          event.writeInt64(STEP, step);
          event.writeByteArray(SESSION_LOG, log);
        });
  }

  /** A value, in single precision. */
  static byte[] of(Scalar scalar) {
    Summary summary =
        Summary.newBuilder()
            .addValue(
                Summary.Value.newBuilder()
                    .setTag(scalar.name())
                    .setSimpleValue((float) scalar.value()))
            .build();
    return record(
        event -> {
          event.writeDouble(WALL_TIME, scalar.seconds());
          event.writeInt64(STEP, scalar.step());
          event.writeMessage(SUMMARY, summary);
        });
  }

  /** Writes the fields of a message. */
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] record(Fields fields) {
    return framed(message(fields));
  }

  /** A record around any data. */
  static byte[] framed(byte[] data) {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(length)
        .putInt(checksum(length))
        .put(data)
        .putInt(checksum(data))
        .array();
  }

  private static int checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, data.length);
    int value = (int) crc.getValue();
    return Integer.rotateRight(value, 15) + MASK;
  }
}
