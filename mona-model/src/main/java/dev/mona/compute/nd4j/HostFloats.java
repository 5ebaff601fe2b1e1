package dev.mona.compute.nd4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies between float arrays of the JVM and arrays of the device. Where both are in this process's
 * memory it is one block move; ND4J's own way, which any backend has, takes an element at a time.
 */
final class HostFloats {
  private HostFloats() {}

  /** Whether the JVM can see an array as row-major floats. */
  static boolean sees(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && array.ordering() == 'c'
        && array.length() > 0
        && array.length() < Integer.MAX_VALUE / Float.BYTES
        && Shape.hasDefaultStridesForShape(array)
        && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
  }

  /** The floats of an array that the JVM {@linkplain #sees sees}, without a copy. */
  static FloatBuffer view(INDArray array) {
    return pointer(array).asBuffer();
  }

  /**
   * Fills an array of any type with the values from a position on, in row-major order.
   *
   * @param from at least {@code at + to.length()} values
   */
  static void copy(float[] from, int at, INDArray to) {
    int n = Math.toIntExact(to.length());
    if (sees(to)) {
      pointer(to).put(from, at, n);
      return;
    }
    try (INDArray host = Nd4j.createFromArray(Arrays.copyOfRange(from, at, at + n))) {
      to.assign(host.reshape('c', to.shape()));
    }
  }

  /** Writes the values of an array of any type, in row-major order, to a position of the target. */
  static void copy(INDArray from, float[] to, int at) {
    int n = Math.toIntExact(from.length());
    if (sees(from)) {
      pointer(from).get(to, at, n);
      return;
    }
    boolean isFloat = from.dataType() == DataType.FLOAT;
    try (INDArray copy = isFloat ? from.dup('c') : from.castTo(DataType.FLOAT).dup('c')) {
      if (sees(copy)) {
        pointer(copy).get(to, at, n);
      } else {
        System.arraycopy(copy.data().asFloat(), 0, to, at, n);
      }
    }
  }

  private static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer()).capacity(array.length());
  }
}
