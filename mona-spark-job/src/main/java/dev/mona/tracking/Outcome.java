package dev.mona.tracking;

/** How a run ended, by the names of MLflow. */
public enum Outcome {
  /** By itself, and well. */
  FINISHED,
  /** It diverged, or something failed. */
  FAILED,
  /** Somebody asked for it; the run can be gone on with. */
  KILLED
}
