package dev.mona.gauges;

import java.util.Locale;

/** The gauges of an executor. */
enum ExecutorGauge {
  SAMPLES_TRAINED,
  LOCAL_STEP_SECONDS,
  WARM_LEARNERS,
  NATIVE_BYTES,
  PHYSICAL_BYTES,
  DEVICE_USED_BYTES,
  DEVICE_TOTAL_BYTES;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  Number of(ExecutorReport report) {
    return switch (this) {
      case SAMPLES_TRAINED -> report.tasks().samples();
      case LOCAL_STEP_SECONDS -> report.tasks().seconds();
      case WARM_LEARNERS -> report.tasks().learners();
      case NATIVE_BYTES -> report.memory().arrays();
      case PHYSICAL_BYTES -> report.memory().resident();
      case DEVICE_USED_BYTES -> report.memory().deviceUsed();
      case DEVICE_TOTAL_BYTES -> report.memory().deviceTotal();
    };
  }
}
