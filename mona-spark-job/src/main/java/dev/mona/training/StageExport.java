package dev.mona.training;

import dev.mona.learner.Stage;

/** Takes the model at the end of a stage, on the driver's thread. */
@FunctionalInterface
public interface StageExport {
  StageExport NONE = (stage, parameters) -> {};

  /** A stage ended with these parameters; told at least once, before the next stage begins. */
  void stageEnded(Stage stage, ModelParameters parameters);
}
