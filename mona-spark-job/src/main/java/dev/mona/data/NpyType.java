package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Element types of the NumPy arrays that are read. */
enum NpyType {
  BOOLEAN("|b1", 1, true),
  INT8("|i1", 1, true),
  UINT8("|u1", 1, true),
  INT16("<i2", 2, true),
  UINT16("<u2", 2, true),
  INT32("<i4", 4, true),
  INT64("<i8", 8, true),
  FLOAT32("<f4", 4, false),
  FLOAT64("<f8", 8, false);

  private final String descr;
  private final int bytes;
  private final boolean integer;

  NpyType(String descr, int bytes, boolean integer) {
    this.descr = descr;
    this.bytes = bytes;
    this.integer = integer;
  }

  /** The type written as {@code descr} in an npy header. */
  static NpyType of(String descr, String where) {
    for (NpyType type : values()) {
      if (type.descr.equals(descr)) {
        return type;
      }
    }
    throw MonaException.data(
        where
            + " has dtype "
            + Quoted.of(descr)
            + ": save it as one of "
            + Arrays.stream(values()).map(NpyType::descr).collect(Collectors.joining(", ")));
  }

  String descr() {
    return descr;
  }

  /** Size of one element. */
  int bytes() {
    return bytes;
  }

  /** Whether values are whole numbers (or booleans), read exactly by {@link #integerAt}. */
  boolean isInteger() {
    return integer;
  }

  /** The whole number at a byte offset of a little-endian buffer; booleans are 0 or 1. */
  long integerAt(ByteBuffer data, int offset) {
    return switch (this) {
      case BOOLEAN -> data.get(offset) != 0 ? 1 : 0;
      case INT8 -> data.get(offset);
      case UINT8 -> data.get(offset) & 0xFF;
      case INT16 -> data.getShort(offset);
      case UINT16 -> data.getShort(offset) & 0xFFFF;
      case INT32 -> data.getInt(offset);
      case INT64 -> data.getLong(offset);
      case FLOAT32, FLOAT64 -> throw new IllegalStateException(descr + " holds no whole numbers");
    };
  }

  /** The value at a byte offset of a little-endian buffer. */
  double valueAt(ByteBuffer data, int offset) {
    return switch (this) {
      case FLOAT32 -> data.getFloat(offset);
      case FLOAT64 -> data.getDouble(offset);
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, INT64 -> integerAt(data, offset);
    };
  }
}
