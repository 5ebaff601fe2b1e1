package dev.mona.config;

import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.optimizer.ScheduleOptions;
import java.io.Serializable;

/**
 * The stages that a method runs. Every method makes the same number of passes over the target data:
 * a method that leaves a stage out gives its epochs to another one, whose decay, if it has any,
 * ends as many epochs later.
 *
 * @param warmup stage 0
 * @param alignment stage 1
 * @param finetuning stage 2
 * @param scope what finetuning changes
 */
public record StagePlan(
    StageOptions warmup, AlignmentOptions alignment, StageOptions finetuning, FinetuneScope scope)
    implements Serializable {

  static StagePlan of(
      Method method,
      StageOptions warmup,
      AlignmentOptions alignment,
      StageOptions finetuning,
      FinetuneScope scope) {
    return switch (method) {
      case MONA -> new StagePlan(warmup, alignment, finetuning, scope);
      case MONA_SHUFFLED -> new StagePlan(warmup, shuffled(alignment), finetuning, scope);
      case WARMUP_FINETUNE -> new StagePlan(warmup, unsignalled(alignment), finetuning, scope);
      case ORCA ->
          new StagePlan(
              none(warmup), transport(alignment), longer(finetuning, warmup.epochs()), scope);
      case FINETUNE, SCRATCH -> naive(warmup, alignment, finetuning, scope);
      case LAYERNORM -> naive(warmup, alignment, finetuning, FinetuneScope.LAYER_NORM);
    };
  }

  private static StagePlan naive(
      StageOptions warmup,
      AlignmentOptions alignment,
      StageOptions finetuning,
      FinetuneScope scope) {
    int others = warmup.epochs() + alignment.stage().epochs();
    return new StagePlan(none(warmup), without(alignment), longer(finetuning, others), scope);
  }

  /** Epochs of one stage. */
  public int epochs(Stage stage) {
    return switch (stage) {
      case WARMUP -> warmup.epochs();
      case ALIGNMENT -> alignment.stage().epochs();
      case FINETUNING -> finetuning.epochs();
    };
  }

  /** Passes over the target training data in all stages. */
  public int totalEpochs() {
    return warmup.epochs() + alignment.stage().epochs() + finetuning.epochs();
  }

  private static StageOptions none(StageOptions stage) {
    return longer(stage, -stage.epochs());
  }

  private static StageOptions longer(StageOptions stage, int epochs) {
    ScheduleOptions schedule = stage.schedule();
    boolean decays = schedule.decayEpochs() > 0 && epochs > 0;
    return new StageOptions(
        stage.epochs() + epochs,
        stage.batchSize(),
        stage.accumulation(),
        stage.optimizer(),
        decays
            ? new ScheduleOptions(schedule.warmupEpochs(), schedule.decayEpochs() + epochs)
            : schedule,
        stage.clipNorm());
  }

  private static AlignmentOptions without(AlignmentOptions alignment) {
    return with(alignment, none(alignment.stage()));
  }

  private static AlignmentOptions shuffled(AlignmentOptions alignment) {
    return with(
        alignment,
        alignment.stage(),
        alignment.objective(),
        alignment.lambda(),
        alignment.ratio(),
        true);
  }

  private static AlignmentOptions transport(AlignmentOptions alignment) {
    return with(
        alignment,
        alignment.stage(),
        AlignmentOptions.Objective.TRANSPORT,
        alignment.lambda(),
        alignment.ratio(),
        false);
  }

  /** The same stage with an outer signal of strength 0. */
  private static AlignmentOptions unsignalled(AlignmentOptions alignment) {
    return with(alignment, alignment.stage(), alignment.objective(), 0, 0, false);
  }

  private static AlignmentOptions with(AlignmentOptions a, StageOptions stage) {
    return with(a, stage, a.objective(), a.lambda(), a.ratio(), false);
  }

  private static AlignmentOptions with(
      AlignmentOptions a,
      StageOptions stage,
      AlignmentOptions.Objective objective,
      double lambda,
      double ratio,
      boolean shuffledSourceLabels) {
    return new AlignmentOptions(
        stage,
        objective,
        a.alpha(),
        a.strength(),
        lambda,
        ratio,
        a.estimator(),
        a.innerSteps(),
        a.outer(),
        a.sourceClasses(),
        a.samplesPerClass(),
        a.outerGradientReuse(),
        a.headGradient(),
        shuffledSourceLabels,
        a.transport());
  }
}
