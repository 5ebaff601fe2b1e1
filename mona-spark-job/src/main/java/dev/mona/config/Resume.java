package dev.mona.config;

/** What a start does about a run of the same id that is there already. */
public enum Resume {
  /** Refuses it, so that nothing is overwritten. */
  NEVER,
  /**
   * Goes on with it; starts one when there is none; leaves one that has ended as it is. For
   * schedulers, which repeat a command without knowing how far it came.
   */
  IF_PRESENT,
  /** Goes on with it, and refuses to start one or to touch one that has ended. */
  REQUIRED
}
