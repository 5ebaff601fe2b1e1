package dev.mona.embedder;

import dev.mona.compute.Device;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Constants of the host, copied to a device at their first use there and kept: all learners of a
 * JVM share them.
 *
 * @param <T> what they are on the device; read only
 */
final class OnDevice<T> {
  private final Map<Device, T> copies = new ConcurrentHashMap<>();
  private final Function<Device, T> copy;

  OnDevice(Function<Device, T> copy) {
    this.copy = copy;
  }

  T get(Device device) {
    T known = copies.get(device);
    return known == null ? copies.computeIfAbsent(device, this::copy) : known;
  }

  /** Complete when it is seen: other threads have queues of their own. */
  private T copy(Device device) {
    T made = copy.apply(device);
    device.await();
    return made;
  }
}
