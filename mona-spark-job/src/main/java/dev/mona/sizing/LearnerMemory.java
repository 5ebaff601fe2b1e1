package dev.mona.sizing;

import dev.mona.adapter.LoraOptions;
import dev.mona.compute.Precision;
import dev.mona.encoder.StepBuffers;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.Alignment;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.OuterData;

/**
 * Arrays of one learner on its device, in values of 4 bytes. A learner serves one task at a time
 * and keeps everything from stage to stage:
 *
 * <pre>
 * vectors = parameters + gradients (2 P, adapters among them), moments (m P of the finetuning
 *           optimizer, one more for an average; the larger of warm-up and alignment without it, there
 *           with E of a preconditioned virtual step), theta_0 again for a partial scope (E) or a pull
 *           to it (2 E)
 * task    = step(batch, tokens), the largest over warm-up and finetuning
 * meta    = scratch (P), v and S virtual steps (E + S E), E more with several source batches, inner
 *           and outer tape, on which a held-out target batch takes the place of the source batches and adds its own
 *           gradients (P - E); Adam's diagonal 3 E, beside E of the moments; finite differences
 *           a third tape and E more
 * replay  = forward and reverse pass of a source batch, where finetuning has it
 * rounded = in bf16, half of parameters and of all steps: copies of the factors, which are kept
 * </pre>
 *
 * <p>The last batch of a partition, when it is smaller, and source batches of another length have
 * buffers of their own. Batches of source texts are taken to be longer than half the longest text.
 *
 * @param shape the model
 * @param options its stages
 * @param samples samples of the largest partition
 * @param precision of products of matrices
 */
record LearnerMemory(ModelShape shape, LearnerOptions options, int samples, Precision precision) {

  /** Everything that a warm learner holds. */
  long values() {
    return vectors() + steps() + rounded();
  }

  private long rounded() {
    return precision == Precision.BF16 ? (shape.parameters().all() + steps()) / 2 : 0;
  }

  private long steps() {
    return taskBuffers() + metaBuffers() + replayBuffers();
  }

  private long vectors() {
    boolean pulled = options.plan().finetuning().pull() > 0;
    boolean partial = options.plan().finetuning().scope() != FinetuneScope.ALL;
    long copies = (pulled || partial ? 1L : 0) + (pulled ? 1 : 0);
    long theta = copies * shape.parameters().encoder();
    return 2 * (shape.parameters().all() + shape.parameters().adapters()) + moments() + theta;
  }

  /** The moments of a group are kept until another stage has a different number of them. */
  private long moments() {
    long small = shape.parameters().small();
    long most = 0;
    for (Stage stage : Stage.values()) {
      StageOptions at = options.stage(stage);
      long n = stage == Stage.FINETUNING ? shape.parameters().finetuned() : small;
      if (at.epochs() > 0) {
        long kept = options.encoderMoments(stage, shape.parameters().encoder());
        most = Math.max(most, at.optimizer().momentLength(n) + kept);
      }
    }
    return most;
  }

  long taskBuffers() {
    StepBuffers buffers = shape.buffers();
    long most = 0;
    for (Stage stage : Stage.values()) {
      StageOptions at = options.stage(stage);
      // scoring with the alignment's batch runs on this tape too
      if (at.epochs() > 0) {
        int batch = at.batchSize();
        double more = stage == Stage.FINETUNING ? more(options.plan().finetuning()) : 0;
        long step = step(buffers, batch, more);
        most = Math.max(most, step + step(buffers, samples % batch, more));
      }
    }
    return most;
  }

  /**
   * How often what dropout adds to a step's buffers is added: twice the width in each half of a
   * layer. Adapters add that for each projection, to its own outputs.
   */
  private static double more(FinetuningOptions finetuning) {
    double more = finetuning.dropout() > 0 ? 1 : 0;
    LoraOptions lora = finetuning.lora();
    if (lora == null) {
      return more;
    }
    return more
        + switch (lora.projections()) {
          case QUERY_VALUE -> 1;
          case ATTENTION -> 2;
          case ALL -> 4.5;
        };
  }

  private long step(StepBuffers buffers, int batch, double more) {
    return buffers.step(batch, shape.tokens().target())
        + Math.round(more * buffers.dropout(batch, shape.tokens().target()));
  }

  long replayBuffers() {
    boolean replays =
        options.source().replay().isOn() && options.stage(Stage.FINETUNING).epochs() > 0;
    return replays ? outer(shape.buffers()) : 0;
  }

  private long outer(StepBuffers buffers) {
    int longest = shape.tokens().source();
    return buffers.outer(options.source().batch(), longest / 2, longest);
  }

  long metaBuffers() {
    StageOptions alignment = options.stage(Stage.ALIGNMENT);
    if (alignment.epochs() == 0) {
      return 0;
    }
    StepBuffers buffers = shape.buffers();
    int batch = alignment.batchSize();
    int last = samples % batch;
    long mixed =
        buffers.mixed(batch, shape.tokens().target())
            + buffers.mixed(last, shape.tokens().target());
    long step =
        buffers.step(batch, shape.tokens().target()) + buffers.step(last, shape.tokens().target());
    long outer = outer(buffers);
    int virtualSteps = 1;
    boolean differences = false;
    long more = 0;
    // an alignment by transport holds less than the plainest meta-step, and is counted as that
    if (options.plan().alignment() instanceof Alignment.Bilevel bilevel) {
      MetaStepOptions meta = bilevel.step();
      virtualSteps = meta.point().steps();
      differences = meta.estimator() == Estimator.FINITE_DIFFERENCE;
      if (meta.outer() instanceof OuterData.Source source) {
        more = source.batches() > 1 ? shape.parameters().encoder() : 0;
      } else {
        more = shape.parameters().small();
        outer = step;
      }
      more += meta.virtual().preconditioning() == null ? 0 : 3 * shape.parameters().encoder();
    }
    long vectors = shape.parameters().all() + (1L + virtualSteps) * shape.parameters().encoder();
    long inner = differences ? step : mixed;
    if (virtualSteps > 1) {
      outer = Math.max(outer, inner);
    }
    return vectors + more + inner + outer + (differences ? step + shape.parameters().encoder() : 0);
  }
}
