package dev.mona.device;

import dev.mona.MonaException;
import dev.mona.compute.Device;
import dev.mona.compute.Gpu;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device of a task. All tasks of a JVM share one, since they share the frozen model and hand
 * warm learners on to each other.
 *
 * @param library what computes, with its version and build
 * @param device where its arrays live
 * @param place which device of the machine that is
 */
public record TaskDevice(String library, Device device, Place place) {
  private static final Logger log = LoggerFactory.getLogger(TaskDevice.class);
  private static final String RESOURCE = "gpu";

  /** What this JVM has opened: one device for what a run wants. */
  private static final Map<DeviceRequest, TaskDevice> OPEN = new HashMap<>();

  /** What was asked for last. */
  private static volatile @Nullable TaskDevice current;

  /**
   * A device of a machine.
   *
   * @param number of the GPU, 0 on the CPU
   * @param gpu whether it is a GPU
   * @param addresses what Spark gave the task
   */
  record Place(int number, boolean gpu, List<String> addresses) {
    Place {
      addresses = List.copyOf(addresses);
    }

    /** The CPU takes any address. */
    static Place of(List<String> addresses, List<Gpu> gpus) {
      if (gpus.isEmpty()) {
        addresses.forEach(DeviceAddress::parse);
        return new Place(0, false, addresses);
      }
      return new Place(DeviceAddress.device(addresses, gpus.size()), true, addresses);
    }
  }

  /**
   * The device of the calling thread's task, bound to that thread. What the engine has to say
   * against it is found out once in a JVM; cheap when repeated.
   *
   * @param threads native threads of the calling thread's work on the CPU; 0 leaves the default
   * @throws MonaException of the category {@code ENVIRONMENT} when the engine cannot compute here
   *     what the run wants, or the task has another device than those before it
   */
  public static Device bind(DeviceRequest request, int threads) {
    Device device = of(request).device();
    device.bind(threads);
    return device;
  }

  /**
   * The device of the calling thread's task.
   *
   * @throws MonaException as {@link #bind}
   */
  public static TaskDevice of(DeviceRequest request) {
    return acquire(request, taskAddresses());
  }

  /** The device that this JVM computes on; none before the first task that does. */
  public static Optional<TaskDevice> current() {
    return Optional.ofNullable(current);
  }

  /** Library and device in words. */
  public String describe() {
    return library + ": " + device.describe();
  }

  /** Whether it is a GPU. */
  public boolean gpu() {
    return place.gpu();
  }

  /** Number of the GPU in this process, 0 on the CPU. */
  public int number() {
    return place.number();
  }

  private static synchronized TaskDevice acquire(DeviceRequest request, List<String> addresses) {
    TaskDevice before = OPEN.get(request);
    TaskDevice acquired =
        before != null && before.place().addresses().equals(addresses)
            ? before
            : open(request, addresses, before);
    OPEN.put(request, acquired);
    current = acquired;
    return acquired;
  }

  private static TaskDevice open(
      DeviceRequest request, List<String> addresses, @Nullable TaskDevice before) {
    DeviceCheck check = DeviceCheck.of(request);
    Place place = Place.of(addresses, check.require());
    if (before != null) {
      if (before.place().number() != place.number()) {
        throw otherDevice(before.place(), place);
      }
      return new TaskDevice(before.library(), before.device(), place);
    }
    Device device = check.engine().open(check.spec(place.number()));
    TaskDevice opened = new TaskDevice(check.engine().library(), device, place);
    log.info(
        "event=device engine={} precision={} device=\"{}\" gpu_addresses={}",
        request.engine().id(),
        request.precision().id(),
        opened.describe(),
        addresses);
    if (!place.gpu() && !addresses.isEmpty()) {
      log.warn("event=gpu_unused gpu_addresses={}: the engine computes on the CPU", addresses);
    }
    return opened;
  }

  static MonaException otherDevice(Place before, Place now) {
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "this executor trains on GPU "
            + before.number()
            + " and a task came for GPU "
            + now.number()
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
