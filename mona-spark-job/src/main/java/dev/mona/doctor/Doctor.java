package dev.mona.doctor;

import dev.mona.device.DeviceRequest;
import java.util.List;

/** Examines this process. */
public final class Doctor {
  private Doctor() {}

  /**
   * Looks at everything; what fails is a finding, never an exception.
   *
   * @param process name of this process in the diagnosis
   * @param request what a run would compute on
   */
  public static Diagnosis examine(String process, DeviceRequest request) {
    Chart chart = new Chart();
    Software.examine(chart);
    Startup.FOUND.examine(chart);
    JvmOpens.examine(chart);
    Threads.examine(chart, System.getenv());
    Libraries.examine(chart);
    List<Integer> devices = Devices.examine(chart, request);
    if (!devices.isEmpty() && Natives.examine(chart)) {
      new MatrixProduct(request).examine(chart, devices);
    }
    Memory.ofThisProcess().examine(chart);
    Allocator.examine(chart, System.getenv());
    Disks.examine(chart);
    return chart.diagnosis(process);
  }
}
