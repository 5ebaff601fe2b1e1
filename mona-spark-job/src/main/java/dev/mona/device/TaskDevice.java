package dev.mona.device;

import dev.mona.MonaException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a task on its device. All tasks of a JVM share one, since they share the frozen model and
 * hand warm learners on to each other.
 *
 * @param device number of the device
 * @param addresses what Spark gave the task
 */
public record TaskDevice(int device, List<String> addresses) {
  private static final Logger log = LoggerFactory.getLogger(TaskDevice.class);
  private static final String RESOURCE = "gpu";

  /** What this JVM is bound to. */
  private static @Nullable TaskDevice bound;

  private static @Nullable Checked checked;

  /** A check that this JVM has passed. */
  private record Checked(WantedDevice wanted, Backend backend, List<Gpu> gpus) {}

  public TaskDevice {
    addresses = List.copyOf(addresses);
  }

  /**
   * Checks the devices once in this JVM, and binds the calling thread to that of its task. Cheap
   * when repeated.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when the backend cannot run, or the
   *     task has another device than those before it
   */
  public static TaskDevice bind(WantedDevice wanted) {
    TaskDevice device = acquire(wanted, taskAddresses());
    Nd4j.getAffinityManager().unsafeSetDevice(device.device());
    return device;
  }

  private static synchronized TaskDevice acquire(WantedDevice wanted, List<String> addresses) {
    Checked check = checked(wanted);
    TaskDevice before = bound;
    if (before != null && before.addresses().equals(addresses)) {
      return before;
    }
    TaskDevice device = of(addresses, check.gpus());
    if (before != null && before.device() != device.device()) {
      throw otherDevice(before, device);
    }
    boolean cuda = check.backend().cuda();
    log.info(
        "event=device backend={} device={} gpu_addresses={}",
        cuda ? "cuda" : "cpu",
        device.device(),
        addresses);
    if (!cuda && !addresses.isEmpty()) {
      log.warn("event=gpu_unused gpu_addresses={}: the CPU backend leaves it idle", addresses);
    }
    bound = device;
    return device;
  }

  private static synchronized Checked checked(WantedDevice wanted) {
    Checked check = checked;
    if (check == null || check.wanted() != wanted) {
      DeviceCheck here = DeviceCheck.ofThisProcess();
      check = new Checked(wanted, here.backend(), here.require(wanted));
      if (!here.backend().cuda()) {
        ArrayMemory.limitFromProperties();
      }
      checked = check;
    }
    return check;
  }

  /** The CPU backend has one device and takes any address for it. */
  static TaskDevice of(List<String> addresses, List<Gpu> gpus) {
    if (gpus.isEmpty()) {
      addresses.forEach(DeviceAddress::parse);
      return new TaskDevice(0, addresses);
    }
    return new TaskDevice(DeviceAddress.device(addresses, gpus.size()), addresses);
  }

  static MonaException otherDevice(TaskDevice before, TaskDevice now) {
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "this executor trains on GPU "
            + before.device()
            + " and a task came for GPU "
            + now.device()
            + ": one executor has one device, set spark.executor.resource.gpu.amount=1");
  }

  /** GPU addresses of the calling thread's task; empty outside a task. */
  public static List<String> taskAddresses() {
    TaskContext context = TaskContext.get();
    if (context == null || !context.resourcesJMap().containsKey(RESOURCE)) {
      return List.of();
    }
    return List.of(context.resourcesJMap().get(RESOURCE).addresses());
  }
}
