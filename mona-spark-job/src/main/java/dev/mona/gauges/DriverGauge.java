package dev.mona.gauges;

import dev.mona.events.RoundEnded;
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
      case STAGE -> now.place().stage();
      case EPOCH -> now.place().epoch();
      case ROUND -> now.place().round();
      case ROUNDS -> now.place().rounds();
      case LOSS -> now.last(round -> round.figure(RoundEnded.LOSS));
      case SAMPLES_PER_SECOND -> now.last(round -> round.work().rate());
      case ROUND_SECONDS -> now.last(round -> round.work().seconds());
      case AVERAGING_SECONDS -> now.last(round -> round.figure(RoundEnded.AVERAGING_SECONDS));
    };
  }
}
