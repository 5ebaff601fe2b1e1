package dev.mona.events;

import java.util.Locale;

/** What the wall-clock time of a run goes into, in the order in which it is shown. */
public enum Spending {
  /** Start of Spark, data, weights, source samples; up to the first round. */
  UNTIL_READY,
  /** Local steps of the slowest worker of each round. */
  LOCAL_STEPS,
  /** The rest of the rounds, and the look for what is not finite. */
  AVERAGING,
  /** Scores of the epochs on the validation split. */
  VALIDATION,
  /** What epochs are measured by beside that: retention, the forgetting gap. */
  MEASURES,
  /**
   * Between an epoch and the next round or the end of training: a checkpoint that is waited for.
   */
  CHECKPOINTS,
  /** Final scores and outputs. */
  AFTER_LAST_EPOCH;

  /** The name in files: {@code local_steps}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
