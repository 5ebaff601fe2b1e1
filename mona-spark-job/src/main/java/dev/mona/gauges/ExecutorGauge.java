package dev.mona.gauges;

import java.util.Locale;

/** The gauges of an executor. */
enum ExecutorGauge {
  SAMPLES_TRAINED,
  LOCAL_STEP_SECONDS,
  WARM_LEARNERS,
  NATIVE_BYTES,
  PHYSICAL_BYTES;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  Number of(ExecutorReport report) {
    return switch (this) {
      case SAMPLES_TRAINED -> report.samples();
      case LOCAL_STEP_SECONDS -> report.localSeconds();
      case WARM_LEARNERS -> report.learners();
      case NATIVE_BYTES -> report.nativeBytes();
      case PHYSICAL_BYTES -> report.physicalBytes();
    };
  }
}
