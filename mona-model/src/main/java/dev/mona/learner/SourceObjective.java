package dev.mona.learner;

import dev.mona.hypergradient.OuterProblem;
import dev.mona.network.Network;
import dev.mona.objective.OuterObjective;
import dev.mona.source.SourceBatch;

/** L_outer on the source batch of a local step: a pure function of seed, epoch, step and worker. */
record SourceObjective(FrozenModel frozen) {

  /**
   * The objective of a step, which the target batches that are accumulated in it share.
   *
   * @param k local steps of the round before it
   */
  OuterProblem of(RoundWork work, int k) {
    Network network = frozen.network();
    SourceBatch batch =
        frozen.source().sampler().batch(work.epoch(), work.steps().first() + k, work.partition());
    return (tape, encoder) ->
        OuterObjective.of(
            tape,
            frozen.options().source().outer(),
            network.represent(tape, encoder, frozen.source().embedder(), batch),
            batch.labels());
  }
}
