package dev.mona.events;

/**
 * Told what happens in a run, in order, by the driver's thread, which waits meanwhile. Calls
 * between {@link #stageStarted} and {@link #stageEnded} belong to that stage. After a resume the
 * first epoch may be later than 0, and what was told after the checkpoint is told again: {@link
 * #runResumed} says from where.
 */
public interface RunListener extends AutoCloseable {

  /** Told first, also when the run is gone on with. */
  default void runStarted(RunStarted started) {}

  /** Told next when the run is gone on with and there is a checkpoint. */
  default void runResumed(RunResumed resumed) {}

  default void stageStarted(StageStarted started) {}

  default void roundEnded(RoundEnded ended) {}

  default void epochEnded(EpochEnded ended) {}

  default void stageEnded(StageEnded ended) {}

  default void noticed(Noticed noticed) {}

  /** Not told when the run fails or is stopped: it can be gone on with then. */
  default void runEnded(RunEnded ended) {}

  /**
   * What has to be stored before a checkpoint of this moment is, and at a divergence. Asked for on
   * the driver's thread; what comes back may run on another one while the training goes on.
   */
  default Runnable record() {
    return () -> {};
  }

  /** Releases what the listener holds; also called when the run fails. */
  @Override
  default void close() {}
}
