package dev.mona.tensor;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * A float array on its way between JVMs, moved in blocks: Java's own form of it takes each float
 * alone. The array is shared, not copied.
 */
public final class SerialFloats implements Externalizable {
  private static final long serialVersionUID = 1L;

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
    new FloatBlocks(values.length).write(values, 0, values.length, out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    values = new float[in.readInt()];
    new FloatBlocks(values.length).read(in, values);
  }
}
