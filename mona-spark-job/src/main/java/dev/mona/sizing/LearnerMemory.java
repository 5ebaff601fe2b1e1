package dev.mona.sizing;

import dev.mona.encoder.StepBuffers;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.optimizer.FlatOptimizer;

/**
 * Arrays of one learner on its device, in values of 4 bytes. A learner serves one task at a time
 * and keeps everything from stage to stage:
 *
 * <pre>
 * vectors = parameters + gradients (2 P), moments (m P of the finetuning optimizer, the larger of
 *           warm-up and alignment without it), theta_0 again for a partial scope (E)
 * task    = step(batch, tokens), the largest over warm-up and finetuning
 * meta    = scratch (P), v and S virtual steps (E + S E), inner and outer tape; finite differences
 *           a third tape and E more
 * </pre>
 *
 * <p>The last batch of a partition, when it is smaller, and source batches of another length have
 * buffers of their own. Batches of source texts are taken to be longer than half the longest text.
 *
 * @param shape the model
 * @param options its stages
 * @param samples samples of the largest partition
 */
record LearnerMemory(ModelShape shape, LearnerOptions options, int samples) {

  /** Everything that a warm learner holds. */
  long values() {
    return vectors() + taskBuffers() + metaBuffers();
  }

  private long vectors() {
    long theta = options.scope() == FinetuneScope.ALL ? 0 : shape.parameters().encoder();
    return 2 * shape.parameters().all() + moments() + theta;
  }

  /** The moments of a group are kept until another stage has a different number of them. */
  private long moments() {
    long small = shape.parameters().small();
    long most = 0;
    for (Stage stage : Stage.values()) {
      StageOptions at = options.stage(stage);
      long n = stage == Stage.FINETUNING ? shape.parameters().all() : small;
      if (at.epochs() > 0) {
        most = Math.max(most, FlatOptimizer.of(at.optimizer()).momentLength(n));
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
        boolean dropout = stage == Stage.FINETUNING && options.dropout() > 0;
        int batch = at.batchSize();
        long step = step(buffers, batch, dropout);
        most = Math.max(most, step + step(buffers, samples % batch, dropout));
      }
    }
    return most;
  }

  private long step(StepBuffers buffers, int batch, boolean dropout) {
    long step = buffers.step(batch, shape.tokens().target());
    return dropout ? step + buffers.dropout(batch, shape.tokens().target()) : step;
  }

  long metaBuffers() {
    AlignmentOptions alignment = options.alignment();
    if (alignment.stage().epochs() == 0) {
      return 0;
    }
    StepBuffers buffers = shape.buffers();
    int batch = alignment.stage().batchSize();
    int texts = alignment.sourceBatch();
    int last = samples % batch;
    long mixed =
        buffers.mixed(batch, shape.tokens().target())
            + buffers.mixed(last, shape.tokens().target());
    long outer = buffers.outer(texts, shape.tokens().source() / 2, shape.tokens().source());
    long vectors =
        shape.parameters().all() + (1L + alignment.innerSteps()) * shape.parameters().encoder();
    long step =
        buffers.step(batch, shape.tokens().target()) + buffers.step(last, shape.tokens().target());
    boolean differences = alignment.estimator() == Estimator.FINITE_DIFFERENCE;
    long inner = differences ? step : mixed;
    if (alignment.innerSteps() > 1) {
      outer = Math.max(outer, inner);
    }
    return vectors + inner + outer + (differences ? step + shape.parameters().encoder() : 0);
  }
}
