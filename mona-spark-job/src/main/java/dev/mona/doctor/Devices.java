package dev.mona.doctor;

import dev.mona.MonaException;
import dev.mona.compute.Gpu;
import dev.mona.device.DeviceCheck;
import dev.mona.device.DeviceRequest;
import dev.mona.device.TaskDevice;
import java.util.List;
import java.util.Locale;

/** Whether the engine of a run can compute here, and on which devices. */
final class Devices {
  private static final String SECTION = "device";

  private Devices() {}

  /**
   * The numbers of the devices that a run would use: the one that Spark gave this task, or all that
   * the process sees. Empty where there is none.
   */
  static List<Integer> examine(Chart chart, DeviceRequest request) {
    chart.fact(SECTION, "run.engine", request.engine().id());
    chart.fact(SECTION, "run.precision", request.precision().id());
    chart.fact(SECTION, "run.device", request.device().name().toLowerCase(Locale.ROOT));
    List<String> addresses = TaskDevice.taskAddresses();
    chart.fact(
        SECTION,
        "GPU addresses from Spark",
        addresses.isEmpty() ? "none" : String.join(", ", addresses));
    try {
      List<Gpu> gpus = DeviceCheck.of(request).require();
      if (gpus.isEmpty() && !addresses.isEmpty()) {
        chart.warning(
            "Spark gave this process GPU "
                + String.join(", ", addresses)
                + " and the engine leaves it idle: use the jar that was built with the profile "
                + request.engine().profile(true)
                + ", or ask for no GPUs");
      }
      TaskDevice device = TaskDevice.of(request);
      chart.fact(SECTION, "device", device.describe());
      return addresses.isEmpty() && !gpus.isEmpty()
          ? gpus.stream().map(Gpu::index).toList()
          : List.of(device.number());
    } catch (MonaException e) {
      chart.problem(String.valueOf(e.getMessage()));
    } catch (LinkageError | RuntimeException e) {
      chart.problem(
          "the library of the engine "
              + request.engine().id()
              + " cannot be loaded ("
              + Natives.innermost(e)
              + "): check that its jar is for linux-x86_64 and that java.io.tmpdir and ~/.javacpp"
              + " can be written");
    }
    return List.of();
  }
}
