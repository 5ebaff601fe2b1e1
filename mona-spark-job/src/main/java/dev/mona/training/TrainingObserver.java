package dev.mona.training;

import dev.mona.checkpoint.Checkpoint;
import dev.mona.learner.Stage;

/**
 * Is told the course of a run, on the driver's thread. After a resume, what had been told after the
 * checkpoint is told again: {@link #resumed} says from where.
 */
public interface TrainingObserver {
  TrainingObserver NONE = new TrainingObserver() {};

  /** A run goes on after this checkpoint. */
  default void resumed(Checkpoint from) {}

  /** A stage begins, or goes on after a resume. */
  default void stageStarted(Stage stage, int epochs, int roundsPerEpoch) {}

  default void roundEnded(RoundReport report) {}

  /**
   * What has to be stored before a checkpoint of this moment is, and at a divergence. Asked for on
   * the driver's thread; what comes back may run on another one while the training goes on.
   */
  default Runnable record() {
    return () -> {};
  }

  /** An epoch ended; its checkpoint is not written yet. */
  default void epochEnded(EpochReport report) {}

  /** A stage ended with these parameters; told at least once, before the next stage begins. */
  default void stageEnded(Stage stage, ModelParameters parameters) {}
}
