package dev.mona.optimizer;

import java.io.Serializable;

/**
 * Linear warm-up, then linear decay to 0, per optimizer step (the schedule of every task in the
 * paper's benchmark).
 *
 * @param warmupEpochs epochs of linear warm-up from 0; 0 for none
 * @param decayEpochs epoch at which the rate reaches 0; 0 for a constant rate after the warm-up
 */
public record ScheduleOptions(double warmupEpochs, double decayEpochs) implements Serializable {
  public ScheduleOptions {
    if (!(warmupEpochs >= 0) || !(decayEpochs == 0 || decayEpochs > warmupEpochs)) {
      throw new IllegalArgumentException(
          "warm-up of "
              + warmupEpochs
              + " epochs and decay at epoch "
              + decayEpochs
              + ": the decay must be 0 (off) or end after the warm-up");
    }
  }

  /** The schedule of a stage that is some epochs longer: a decay, if any, ends as much later. */
  public ScheduleOptions longer(int epochs) {
    return decayEpochs == 0 ? this : new ScheduleOptions(warmupEpochs, decayEpochs + epochs);
  }
}
