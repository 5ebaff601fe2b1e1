package dev.mona.report;

/**
 * Told what happens in a run, in order, by the driver's thread. Calls between {@link #stageStarted}
 * and {@link #stageEnded} belong to that stage; after a resume the first epoch may be later than 0.
 */
public interface RunListener extends AutoCloseable {

  default void stageStarted(StageRecord stage) {}

  default void roundEnded(RoundRecord round) {}

  default void epochEnded(EpochRecord epoch) {}

  default void stageEnded(StageRecord stage) {}

  /** Something a user should know; one sentence without its full stop. */
  default void noticed(String sentence) {}

  default void runEnded(RunRecord run) {}

  /** Releases what the listener holds; also called when the run fails. */
  @Override
  default void close() {}
}
