package dev.mona.compute;

import dev.mona.compute.nd4j.Nd4jEngine;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The devices that tests run on: those of the engine that the system property {@code
 * mona.test.engine} names, ND4J's by default.
 */
public final class TestDevice {
  private static final String ND4J = "nd4j";
  private static final long REST = 50_000_000;
  private static final Engine ENGINE = Engines.named(System.getProperty("mona.test.engine", ND4J));
  private static final Device FLOATS = ENGINE.open(DeviceSpec.of(ElementType.FLOAT));
  private static final Device DOUBLES = ENGINE.open(DeviceSpec.of(ElementType.DOUBLE));

  private TestDevice() {}

  /** What is trained on. */
  public static Device floats() {
    return FLOATS;
  }

  /** For derivatives. */
  public static Device doubles() {
    return DOUBLES;
  }

  /**
   * Loads the natives as engines do, so that no other JVM of the tests unpacks them meanwhile: for
   * tests of which arrays are the first thing.
   */
  public static void load() {}

  /**
   * Bytes of the arrays that are held: those that nobody refers to, of earlier tests too, go some
   * time after a collection.
   */
  public static long bytesAtRest(Device device) {
    long used = device.usedBytes();
    for (int same = 0, tries = 0; same < 5 && tries < 100; tries++) {
      System.gc();
      LockSupport.parkNanos(REST);
      long now = device.usedBytes();
      same = now == used ? same + 1 : 0;
      used = now;
    }
    return used;
  }

  /** One for each kind of kernels and type of elements. */
  public static Stream<Device> all() {
    return ENGINE.name().equals(ND4J)
        ? Stream.of(FLOATS, Nd4jEngine.reference(ElementType.FLOAT), DOUBLES)
        : Stream.of(FLOATS, DOUBLES);
  }
}
