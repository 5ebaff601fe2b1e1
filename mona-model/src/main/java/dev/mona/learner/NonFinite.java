package dev.mona.learner;

/** What is done about an optimizer step whose loss or gradient is not finite. */
public enum NonFinite {
  /** It is taken, and the run ends with the round in which parameters or moments break. */
  STOP,
  /**
   * It is dropped: parameters and moments stay as they are. It still counts as a step of the
   * learning-rate schedule, so that all workers stay at the same place.
   */
  SKIP
}
