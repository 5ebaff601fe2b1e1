package dev.mona.learner;

import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.io.Serializable;
import java.util.List;

/**
 * Everything a learner needs besides weights and data.
 *
 * @param seed seed of initial values, sample order and source batches
 * @param target the target, and how its samples come in
 * @param plan what is done in which stage
 * @param source how a model is held against the source
 * @param nonFinite what is done about steps whose loss or gradient is not finite
 */
public record LearnerOptions(
    long seed, TargetOptions target, StagePlan plan, SourceOptions source, NonFinite nonFinite)
    implements Serializable {

  /** The target task. */
  public TaskSpec task() {
    return target.task();
  }

  /** The options every stage has. */
  public StageOptions stage(Stage stage) {
    return plan.stages().get(stage);
  }

  /** The same for a trained model, whose adapters are merged into its encoder. */
  public LearnerOptions merged() {
    StagePlan merged = new StagePlan(plan.stages(), plan.alignment(), plan.finetuning().merged());
    return new LearnerOptions(seed, target, merged, source, nonFinite);
  }

  /** Target batches that a batch of a stage has beside itself. */
  public int besideBatch(Stage stage) {
    return stage == Stage.ALIGNMENT ? plan.alignment().besideBatch() : 0;
  }

  /**
   * Length of what a stage keeps of an encoder that it does not train, beside the optimizer's
   * moments.
   *
   * @param encoder its parameters
   */
  public long encoderMoments(Stage stage, long encoder) {
    return stage == Stage.ALIGNMENT ? plan.alignment().encoderMoments(encoder) : 0;
  }

  /** The groups that a step changes, which may be fewer than the stage's state has. */
  List<ParameterGroup> stepped(Stage stage) {
    return stage == Stage.ALIGNMENT ? plan.alignment().stepped() : stage.trained();
  }
}
