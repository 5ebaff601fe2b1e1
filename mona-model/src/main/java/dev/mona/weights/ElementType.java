package dev.mona.weights;

import java.nio.ByteBuffer;

/**
 * Element types of a safetensors file, under the names the format gives them.
 *
 * <p>F32, F16, BF16 and F64 hold weights and are read. Integers and booleans are buffers (position
 * ids, masks): they are checked like the rest and passed over. Other floating types are refused.
 */
public enum ElementType {
  F32(4, Use.WEIGHTS),
  F16(2, Use.WEIGHTS),
  BF16(2, Use.WEIGHTS),
  F64(8, Use.WEIGHTS),
  F8_E4M3(1, Use.REFUSED),
  F8_E5M2(1, Use.REFUSED),
  I64(8, Use.BUFFER),
  I32(4, Use.BUFFER),
  I16(2, Use.BUFFER),
  I8(1, Use.BUFFER),
  U64(8, Use.BUFFER),
  U32(4, Use.BUFFER),
  U16(2, Use.BUFFER),
  U8(1, Use.BUFFER),
  BOOL(1, Use.BUFFER);

  /** What becomes of a tensor of the type. */
  enum Use {
    WEIGHTS,
    BUFFER,
    REFUSED
  }

  private final int bytes;
  private final Use use;

  ElementType(int bytes, Use use) {
    this.bytes = bytes;
    this.use = use;
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  Use use() {
    return use;
  }

  /** Turns {@code count} elements of a little-endian buffer into floats, from its position on. */
  void decode(ByteBuffer source, float[] target, int from, int count) {
    for (int i = from; i < from + count; i++) {
      target[i] =
          switch (this) {
            case F32 -> source.getFloat();
            case F16 -> Float16.toFloat(source.getShort());
            case BF16 -> Float.intBitsToFloat(source.getShort() << 16);
            case F64 -> (float) source.getDouble();
            case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalStateException(this + " does not hold weights");
          };
    }
  }
}
