package dev.mona.torch;

import dev.mona.compute.Array;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A part of an array as the network takes it: the array's own memory where that is this process's,
 * otherwise a copy that is written back.
 */
final class HostPart implements AutoCloseable {
  private final Array view;
  private final boolean own;
  private final FloatBuffer floats;
  private final Tensor tensor;

  HostPart(Part part) {
    view = part.view();
    FloatBuffer there = view.host().orElse(null);
    own = there != null;
    if (there != null) {
      floats = there;
      try (FloatPointer memory = new FloatPointer(there)) {
        tensor = torch.from_blob(memory, new long[] {part.length()});
      }
    } else {
      tensor = empty(ScalarType.Float, part.length());
      floats = floats(tensor);
      floats.put(0, view.toFloats());
    }
  }

  /** Uninitialised values in this process's memory. */
  static Tensor empty(ScalarType type, long n) {
    return torch.empty(
        new long[] {n},
        new ScalarTypeOptional(type),
        new LayoutOptional(),
        new DeviceOptional(),
        new BoolOptional(),
        new MemoryFormatOptional());
  }

  static FloatBuffer floats(Tensor tensor) {
    return tensor.data_ptr_float().capacity(tensor.numel()).asBuffer();
  }

  /** The values. */
  Tensor tensor() {
    return tensor;
  }

  FloatBuffer floats() {
    return floats;
  }

  /** Some of the values. */
  Tensor share(long from, long length) {
    return tensor.narrow(0, from, length);
  }

  /** The values are as they are to be. */
  void written() {
    if (!own) {
      float[] values = new float[Math.toIntExact(view.length())];
      floats.get(0, values);
      view.put(values, 0);
    }
  }

  @Override
  public void close() {
    tensor.close();
  }
}
