package dev.mona.weights;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;

/** A table of a FlatBuffers file, its fields by their number in the schema. */
final class OrtTable extends Table {
  private OrtTable(int position, ByteBuffer file) {
    __reset(position, file);
  }

  /** The table that a file begins with. */
  static OrtTable root(ByteBuffer file) {
    return new OrtTable(file.getInt(0), file);
  }

  /** Whether a field is there. */
  boolean has(int field) {
    return offset(field) != 0;
  }

  private int offset(int field) {
    return __offset(4 + 2 * field);
  }

  OrtTable table(int field) {
    return new OrtTable(__indirect(offset(field) + bb_pos), bb);
  }

  /** Elements of a vector; 0 when it is not there. */
  int length(int field) {
    return has(field) ? __vector_len(offset(field)) : 0;
  }

  /** An element of a vector of tables. */
  OrtTable element(int field, int i) {
    return new OrtTable(__indirect(__vector(offset(field)) + 4 * i), bb);
  }

  /** An element of a vector of 64-bit numbers. */
  long number(int field, int i) {
    return bb.getLong(__vector(offset(field)) + 8 * i);
  }

  int number(int field) {
    return has(field) ? bb.getInt(offset(field) + bb_pos) : 0;
  }

  /** Bytes of a text; 0 when it is not there. */
  int textLength(int field) {
    return length(field);
  }

  String text(int field) {
    return has(field) ? __string(offset(field) + bb_pos) : "";
  }

  /** A vector of bytes, without a copy. */
  ByteBuffer bytes(int field) {
    int length = length(field);
    return length == 0 ? ByteBuffer.allocate(0) : bb.slice(__vector(offset(field)), length);
  }
}
