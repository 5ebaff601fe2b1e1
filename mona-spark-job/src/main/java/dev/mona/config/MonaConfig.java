package dev.mona.config;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.StageOptions;
import dev.mona.task.TaskSpec;
import java.io.Serializable;

/**
 * A whole configuration, checked. The stages are as written; {@link #plan()} gives them as the
 * method runs them.
 *
 * @param method what is run
 * @param run identity, place and resources
 * @param task the target task
 * @param backbone the pretrained encoder
 * @param source the source proxy
 * @param embedder the target embedder
 * @param warmup stage 0 as written
 * @param alignment stage 1 as written
 * @param finetuning stage 2 as written
 * @param scope what finetuning changes, as written
 * @param dropout rate of dropout in finetuning
 * @param averaging how workers are averaged
 * @param stopping early stopping
 * @param evaluation what is measured
 * @param recovery checkpoints within epochs, stopping, stalls and retries
 * @param rendered canonical HOCON text of all values: one key a line, sorted
 * @param hash SHA-256 in hexadecimal of the lines of {@code rendered} that decide what is computed:
 *     all that do not say where and how to run; partitions and threads are compared as they are
 *     resolved
 */
public record MonaConfig(
    Method method,
    RunConfig run,
    TaskConfig task,
    BackboneConfig backbone,
    SourceConfig source,
    EmbedderOptions embedder,
    StageOptions warmup,
    AlignmentOptions alignment,
    StageOptions finetuning,
    FinetuneScope scope,
    double dropout,
    AveragingConfig averaging,
    StoppingConfig stopping,
    EvaluationConfig evaluation,
    RecoveryConfig recovery,
    String rendered,
    String hash)
    implements Serializable {

  /** The stages that the method runs. */
  public StagePlan plan() {
    return StagePlan.of(method, warmup, alignment, finetuning, scope);
  }

  /** What a learner needs for this configuration's method. */
  public LearnerOptions learnerOptions(TaskSpec spec) {
    StagePlan plan = plan();
    return new LearnerOptions(
        run.seed(),
        spec,
        embedder,
        plan.warmup(),
        plan.alignment(),
        plan.finetuning(),
        plan.scope(),
        dropout,
        task.augmentation());
  }
}
