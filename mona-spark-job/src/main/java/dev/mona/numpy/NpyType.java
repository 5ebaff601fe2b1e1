package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Element types of the NumPy arrays that are read, in either order of bytes. */
public enum NpyType {
  BOOLEAN("b1", true),
  INT8("i1", true),
  UINT8("u1", true),
  INT16("i2", true),
  UINT16("u2", true),
  INT32("i4", true),
  UINT32("u4", true),
  INT64("i8", true),
  UINT64("u8", true),
  FLOAT16("f2", false),
  FLOAT32("f4", false),
  FLOAT64("f8", false);

  private static final Pattern DESCR = Pattern.compile("[<>=|]?([a-zA-Z]\\d+)");

  private final String descr;
  private final int bytes;
  private final boolean integer;

  NpyType(String descr, boolean integer) {
    this.descr = descr;
    bytes = descr.charAt(1) - '0';
    this.integer = integer;
  }

  /** The type written as {@code descr} in an npy header, whatever its order of bytes. */
  static NpyType of(String descr, String where) {
    Matcher matcher = DESCR.matcher(descr);
    if (matcher.matches()) {
      for (NpyType type : values()) {
        if (type.descr.equals(matcher.group(1))) {
          return type;
        }
      }
    }
    throw MonaException.data(
        where
            + " has dtype "
            + Quoted.of(descr)
            + ": save it as one of "
            + Arrays.stream(values()).map(NpyType::descr).collect(Collectors.joining(", ")));
  }

  /** Kind and bytes, without an order. */
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

  /**
   * The whole number at a byte offset of a buffer; booleans are 0 or 1. Numbers of {@link #UINT64}
   * from 2^63 on come out negative, see {@link #text}.
   */
  long integerAt(ByteBuffer data, int offset) {
    return switch (this) {
      case BOOLEAN -> data.get(offset) != 0 ? 1 : 0;
      case INT8 -> data.get(offset);
      case UINT8 -> data.get(offset) & 0xFF;
      case INT16 -> data.getShort(offset);
      case UINT16 -> data.getShort(offset) & 0xFFFF;
      case INT32 -> data.getInt(offset);
      case UINT32 -> data.getInt(offset) & 0xFFFFFFFFL;
      case INT64, UINT64 -> data.getLong(offset);
      case FLOAT16, FLOAT32, FLOAT64 ->
          throw new IllegalStateException(descr + " holds no whole numbers");
    };
  }

  /** A whole number that {@link #integerAt} read, as it is in the file. */
  String text(long integer) {
    return this == UINT64 ? Long.toUnsignedString(integer) : Long.toString(integer);
  }

  /** The value at a byte offset of a buffer, rounded only where a double has too few digits. */
  double valueAt(ByteBuffer data, int offset) {
    return switch (this) {
      case FLOAT16 -> half(data.getShort(offset));
      case FLOAT32 -> data.getFloat(offset);
      case FLOAT64 -> data.getDouble(offset);
      case UINT64 -> unsigned(data.getLong(offset));
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> integerAt(data, offset);
    };
  }

  private static double unsigned(long bits) {
    // half of it, with the lowest bit kept so that it rounds as the whole does
    return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
  }

  /** IEEE 754 binary16. */
  private static double half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
