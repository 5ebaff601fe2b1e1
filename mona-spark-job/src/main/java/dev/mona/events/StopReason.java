package dev.mona.events;

/** Why a run ended. */
public enum StopReason {
  /** All epochs of all stages are done. */
  COMPLETED,
  /** The validation score stopped improving in the finetuning stage. */
  EARLY_STOPPING,
  /**
   * The training loss, a parameter or a moment of the optimizer is not finite, or too many steps in
   * a row had to be dropped.
   */
  DIVERGED,
  /** Somebody asked for it; the run can be gone on with. */
  STOPPED
}
