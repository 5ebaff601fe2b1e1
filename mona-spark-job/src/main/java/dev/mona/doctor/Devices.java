package dev.mona.doctor;

import dev.mona.MonaException;
import dev.mona.device.Backend;
import dev.mona.device.CudaDevices;
import dev.mona.device.DeviceCheck;
import dev.mona.device.Gpu;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The backend on the class path and the devices it would use. */
final class Devices {
  private static final String SECTION = "device";

  private Devices() {}

  /** Whether the backend can run here. */
  static boolean examine(Chart chart, WantedDevice wanted) {
    List<Backend> all = Backend.all();
    chart.fact(SECTION, "run.device", wanted.name().toLowerCase(Locale.ROOT));
    List<String> addresses = TaskDevice.taskAddresses();
    chart.fact(
        SECTION,
        "GPU addresses from Spark",
        addresses.isEmpty() ? "none" : String.join(", ", addresses));
    DeviceCheck check;
    try {
      check = DeviceCheck.ofThisProcess();
    } catch (MonaException e) {
      chart.problem(String.valueOf(e.getMessage()));
      return false;
    }
    Backend backend = check.backend();
    chart.fact(SECTION, "backend", backend.className() + (backend.cuda() ? " (CUDA)" : " (CPU)"));
    if (all.size() > 1) {
      chart.warning(
          "the class path has several ND4J backends ("
              + String.join(", ", all.stream().map(Backend::className).toList())
              + "), of which ND4J takes one by its own order: keep one");
    }
    if (backend.cuda()) {
      driver(chart, check);
    }
    if (!backend.cuda() && !addresses.isEmpty()) {
      chart.warning(
          "Spark gave this process GPU "
              + String.join(", ", addresses)
              + " and the CPU backend leaves it idle: use the jar that was built with the profile"
              + " cuda, or ask for no GPUs");
    }
    Optional<String> refusal = check.refusal(wanted);
    refusal.ifPresent(chart::problem);
    return refusal.isEmpty();
  }

  /** Facts of the driver; why it cannot be asked is the check's to say. */
  private static void driver(Chart chart, DeviceCheck check) {
    CudaDevices cuda;
    try {
      cuda = check.driver().query();
    } catch (MonaException e) {
      chart.fact(SECTION, "CUDA driver", "not available");
      return;
    }
    chart.fact(SECTION, "CUDA driver", "up to CUDA " + CudaDevices.version(cuda.driver()));
    chart.fact(SECTION, "CUDA runtime", CudaDevices.version(cuda.runtime()));
    for (Gpu gpu : cuda.gpus()) {
      chart.fact(
          SECTION,
          "GPU " + gpu.index(),
          "%s, compute capability %s, %s"
              .formatted(gpu.name(), gpu.computeCapability(), Bytes.text(gpu.memory())));
    }
  }
}
