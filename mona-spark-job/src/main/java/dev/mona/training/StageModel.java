package dev.mona.training;

import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.TrainingState;

/**
 * How the states of a stage become models. Whatever is scored, measured, selected or handed on is
 * one of these; only the stage itself goes on from its states.
 *
 * @param stage the stage
 * @param options say what it makes of a state
 * @param before the model before it
 */
record StageModel(Stage stage, StageOptions options, ModelParameters before) {

  /** Parameters at the start, flat. */
  float[] start() {
    return before.flat(stage.trained());
  }

  /** What the stage makes of a state, flat; see {@link StageOptions#result}. */
  float[] result(TrainingState state) {
    return options.result(
        state, stage.trained().stream().mapToInt(group -> before.of(group).length).toArray());
  }

  /** The model with such a result. */
  ModelParameters with(float[] result) {
    return before.with(stage.trained(), result);
  }
}
