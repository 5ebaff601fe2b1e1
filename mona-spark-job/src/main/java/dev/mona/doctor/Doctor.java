package dev.mona.doctor;

import dev.mona.device.WantedDevice;

/** Examines this process. */
public final class Doctor {
  private Doctor() {}

  /**
   * Looks at everything; what fails is a finding, never an exception.
   *
   * @param process name of this process in the diagnosis
   * @param wanted the device that a run would ask for
   */
  public static Diagnosis examine(String process, WantedDevice wanted) {
    Chart chart = new Chart();
    Software.examine(chart);
    Startup.FOUND.examine(chart);
    JvmOpens.examine(chart);
    Threads.examine(chart, System.getenv());
    boolean usable = Devices.examine(chart, wanted);
    if (usable && Natives.examine(chart)) {
      MatrixProduct.examine(chart);
    }
    Memory.ofThisProcess().examine(chart);
    Allocator.examine(chart, System.getenv());
    Disks.examine(chart);
    return chart.diagnosis(process);
  }
}
