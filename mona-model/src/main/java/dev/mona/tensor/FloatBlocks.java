package dev.mona.tensor;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Floats as little-endian bytes, moved in blocks through one small buffer that stays in the
 * processor's cache. For one stream at a time.
 */
public final class FloatBlocks {
  private static final int BLOCK = 1 << 14;

  private final byte[] bytes;
  private final FloatBuffer floats;

  /** A buffer for as many floats, or for a block of them where they are more. */
  public FloatBlocks(int most) {
    bytes = new byte[Float.BYTES * Math.min(BLOCK, most)];
    floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** A buffer for any number of floats. */
  public FloatBlocks() {
    this(BLOCK);
  }

  /** Writes {@code length} values from a position on. */
  public void write(float[] values, int from, int length, DataOutput out) throws IOException {
    for (int done = 0; done < length; ) {
      int n = Math.min(floats.capacity(), length - done);
      floats.put(0, values, from + done, n);
      out.write(bytes, 0, Float.BYTES * n);
      done += n;
    }
  }

  /**
   * Fills an array.
   *
   * @throws java.io.EOFException if there are fewer values
   */
  public void read(DataInput in, float[] values) throws IOException {
    for (int done = 0; done < values.length; ) {
      int n = Math.min(floats.capacity(), values.length - done);
      in.readFully(bytes, 0, Float.BYTES * n);
      floats.get(0, values, done, n);
      done += n;
    }
  }
}
