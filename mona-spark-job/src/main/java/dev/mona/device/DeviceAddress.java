package dev.mona.device;

import dev.mona.MonaException;
import java.util.List;

/** From the addresses that Spark gave a task to the number of its device. */
final class DeviceAddress {
  private DeviceAddress() {}

  /**
   * The device of a task.
   *
   * @param addresses of the resource {@code gpu}; empty when the task asked for none
   * @param devices devices that this process sees, at least 1
   * @return the address; the first device when there are no addresses
   * @throws MonaException of the category {@code ENVIRONMENT} for several addresses, or one that is
   *     no device here
   */
  static int device(List<String> addresses, int devices) {
    if (addresses.isEmpty()) {
      return 0;
    }
    if (addresses.size() > 1) {
      throw refused(
          "Spark gave one task the GPUs "
              + addresses
              + " but a task trains on one: set spark.task.resource.gpu.amount=1");
    }
    int device = parse(addresses.get(0));
    if (device >= devices) {
      throw refused(
          "Spark gave the task GPU "
              + device
              + " but this process sees "
              + devices
              + ": let the discovery script run where the executor runs, with the same"
              + " CUDA_VISIBLE_DEVICES");
    }
    return device;
  }

  /** The number that an address is. */
  static int parse(String address) {
    if (!address.matches("[0-9]{1,4}")) {
      throw refused(
          "GPU address \""
              + address
              + "\" is no device number: use deploy/gpu/discover-gpus.sh as discovery script");
    }
    return Integer.parseInt(address);
  }

  private static MonaException refused(String sentence) {
    return new MonaException(MonaException.Category.ENVIRONMENT, sentence);
  }
}
