package dev.mona.dl4j;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.compute.nd4j.Nd4jEngine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The device of DL4J's arrays: that of ND4J, whatever the engine of a run. */
final class GraphDevice {
  private GraphDevice() {}

  static Nd4jDevice of(DataType type) {
    ElementType elements =
        switch (type) {
          case FLOAT -> ElementType.FLOAT;
          case DOUBLE -> ElementType.DOUBLE;
          default ->
              throw new IllegalArgumentException(
                  "the network computes in FLOAT or DOUBLE, the graph is in " + type);
        };
    return new Nd4jEngine().open(DeviceSpec.of(elements));
  }

  /** A constant of a tape on this device, with the values of an array of any type and order. */
  static Variable constant(Tape tape, INDArray values) {
    Array buffer = tape.arena().take(values.shape());
    Nd4jDevice.unwrap(buffer).assign(values);
    return tape.leaf(buffer);
  }
}
