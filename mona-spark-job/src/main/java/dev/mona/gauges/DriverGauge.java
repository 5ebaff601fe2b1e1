package dev.mona.gauges;

import dev.mona.gauges.RunProgress.Now;
import java.util.Locale;

/** The gauges of the driver. */
enum DriverGauge {
  STAGE,
  EPOCH,
  ROUND,
  ROUNDS,
  LOSS,
  SAMPLES_PER_SECOND,
  ROUND_SECONDS,
  AVERAGING_SECONDS;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  Number of(Now now) {
    return switch (this) {
      case STAGE -> now.stage();
      case EPOCH -> now.epoch();
      case ROUND -> now.round();
      case ROUNDS -> now.rounds();
      case LOSS -> now.loss();
      case SAMPLES_PER_SECOND -> now.samplesPerSecond();
      case ROUND_SECONDS -> now.roundSeconds();
      case AVERAGING_SECONDS -> now.averagingSeconds();
    };
  }
}
