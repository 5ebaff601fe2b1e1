package dev.mona.device;

import dev.mona.compute.Precision;
import java.io.Serializable;

/**
 * What a run wants its tasks to compute on.
 *
 * @param engine the library
 * @param precision of products of matrices
 * @param device what the engine has to compute on
 */
public record DeviceRequest(EngineName engine, Precision precision, WantedDevice device)
    implements Serializable {
  public DeviceRequest {
    if (!engine.computesIn(precision)) {
      throw new IllegalArgumentException(engine.id() + " does not compute in " + precision.id());
    }
  }

  /** The default engine in float. */
  public static DeviceRequest of(WantedDevice device) {
    return new DeviceRequest(EngineName.ND4J, Precision.FLOAT32, device);
  }

  /** Engine and precision in words, which together decide what comes out. */
  public String arithmetic() {
    return engine.id() + " in " + precision.id();
  }
}
