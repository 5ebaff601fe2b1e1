package dev.mona.tensor;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A float array on its way between JVMs, moved in blocks: Java's own form of it takes each float
 * alone. The array is shared, not copied.
 */
public final class SerialFloats implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK = 1 << 14;

  private float[] values;

  /** For deserialisation. */
  public SerialFloats() {
    this(new float[0]);
  }

  public SerialFloats(float[] values) {
    this.values = values;
  }

  public float[] values() {
    return values;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(values.length);
    byte[] block = new byte[Float.BYTES * Math.min(BLOCK, values.length)];
    FloatBuffer floats = floats(block);
    for (int at = 0; at < values.length; at += BLOCK) {
      int n = Math.min(BLOCK, values.length - at);
      floats.put(0, values, at, n);
      out.write(block, 0, Float.BYTES * n);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    values = new float[in.readInt()];
    byte[] block = new byte[Float.BYTES * Math.min(BLOCK, values.length)];
    FloatBuffer floats = floats(block);
    for (int at = 0; at < values.length; at += BLOCK) {
      int n = Math.min(BLOCK, values.length - at);
      in.readFully(block, 0, Float.BYTES * n);
      floats.get(0, values, at, n);
    }
  }

  private static FloatBuffer floats(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
