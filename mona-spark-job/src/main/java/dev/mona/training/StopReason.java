package dev.mona.training;

/** Why a run ended. */
public enum StopReason {
  /** All epochs of all stages are done. */
  COMPLETED,
  /** The validation score stopped improving in the finetuning stage. */
  EARLY_STOPPING,
  /** The training loss or a parameter is not finite. */
  DIVERGED,
  /** Somebody asked for it; the run can be gone on with. */
  STOPPED
}
