package dev.mona.learner;

import dev.mona.hypergradient.OuterProblem;
import dev.mona.objective.OuterObjective;
import dev.mona.source.SourceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** L_outer on source batches of a local step: pure functions of seed, epoch, step and worker. */
record SourceObjective(FrozenModel frozen) {

  /**
   * The objective of a step, which the target batches that are accumulated in it share.
   *
   * @param k local steps of the round before it
   */
  OuterProblem of(RoundWork work, int k) {
    return on(frozen.source().sampler().batch(key(work, k)));
  }

  /** The same on several batches, of which the first is that of a step with one. */
  List<OuterProblem> of(RoundWork work, int k, int batches) {
    List<OuterProblem> all = new ArrayList<>();
    all.add(of(work, k));
    for (int i = 1; i < batches; i++) {
      long[] key = Arrays.copyOf(key(work, k), 4);
      key[3] = i;
      all.add(on(frozen.source().sampler().batch(key)));
    }
    return all;
  }

  private static long[] key(RoundWork work, int k) {
    return new long[] {work.epoch(), work.steps().first() + k, work.partition()};
  }

  private OuterProblem on(SourceBatch batch) {
    return (tape, encoder) ->
        OuterObjective.of(
            tape,
            frozen.options().source().outer(),
            frozen.network().represent(tape, encoder, frozen.source().embedder(), batch),
            batch.labels());
  }
}
