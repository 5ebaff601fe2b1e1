package dev.mona.learner;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.io.Serializable;
import java.util.List;

/**
 * Everything a learner needs besides weights and data.
 *
 * @param seed seed of initial values, sample order and source batches
 * @param task the target task
 * @param embedder the target embedder
 * @param warmup stage 0
 * @param alignment stage 1
 * @param finetuning stage 2
 * @param scope what finetuning changes
 * @param dropout rate of dropout in finetuning
 * @param augmentation what is done to training samples each time they are read
 * @param nonFinite what is done about steps whose loss or gradient is not finite
 */
public record LearnerOptions(
    long seed,
    TaskSpec task,
    EmbedderOptions embedder,
    StageOptions warmup,
    AlignmentOptions alignment,
    StageOptions finetuning,
    FinetuneScope scope,
    double dropout,
    Augmentation augmentation,
    NonFinite nonFinite)
    implements Serializable {
  public LearnerOptions {
    augmentation.require(task);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("the rate of dropout must be in [0, 1): " + dropout);
    }
  }

  /** The options every stage has. */
  public StageOptions stage(Stage stage) {
    return switch (stage) {
      case WARMUP -> warmup;
      case ALIGNMENT -> alignment.stage();
      case FINETUNING -> finetuning;
    };
  }

  /** The groups that a step changes: what the stage trains, without the head under TRANSPORT. */
  List<ParameterGroup> stepped(Stage stage) {
    return stage == Stage.ALIGNMENT && transports()
        ? List.of(ParameterGroup.EMBEDDER)
        : stage.trained();
  }

  /** Whether there is an alignment by optimal transport. */
  public boolean transports() {
    return alignment.objective() == AlignmentOptions.Objective.TRANSPORT
        && alignment.stage().epochs() > 0;
  }
}
