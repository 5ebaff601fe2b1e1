package dev.mona.learner;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.task.TaskSpec;
import java.io.Serializable;

/**
 * The target, and how its samples come in.
 *
 * @param task the target task
 * @param embedder the target embedder
 * @param augmentation what is done to training samples each time they are read
 */
public record TargetOptions(TaskSpec task, EmbedderOptions embedder, Augmentation augmentation)
    implements Serializable {
  public TargetOptions {
    augmentation.require(task);
  }
}
