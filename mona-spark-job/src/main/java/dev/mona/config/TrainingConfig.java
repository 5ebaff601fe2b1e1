package dev.mona.config;

import dev.mona.learner.Alignment;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StagePlan;
import dev.mona.learner.Stages;
import java.util.Set;

/**
 * The stages as they are written. A {@link Method} makes its plan of them.
 *
 * @param stages how each stage trains
 * @param bilevel the alignment of MoNA
 * @param transport the alignment of ORCA
 * @param finetuning how the encoder is finetuned
 */
record TrainingConfig(
    Stages stages,
    Alignment.Bilevel bilevel,
    Alignment.Transport transport,
    FinetuningOptions finetuning) {

  /** All stages, with this alignment. */
  StagePlan aligning(Alignment alignment) {
    return new StagePlan(stages, alignment, finetuning);
  }

  /** The same with the epochs of some stages made finetuning epochs. */
  TrainingConfig finetuningInsteadOf(Stage... left) {
    return new TrainingConfig(
        stages.finetuningInsteadOf(Set.of(left)), bilevel, transport, finetuning);
  }

  /** Naive finetuning: the epochs of all stages are finetuning epochs. */
  StagePlan finetuningAlone() {
    return finetuningAlone(finetuning.scope());
  }

  /** The same of a part of the encoder. */
  StagePlan finetuningAlone(FinetuneScope changed) {
    Stages naive = finetuningInsteadOf(Stage.WARMUP, Stage.ALIGNMENT).stages;
    return new StagePlan(naive, bilevel, finetuning.with(changed));
  }
}
