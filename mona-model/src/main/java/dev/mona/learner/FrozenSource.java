package dev.mona.learner;

import dev.mona.embedder.SourceEmbedder;
import dev.mona.source.SourceSampler;
import org.jspecify.annotations.Nullable;

/**
 * What stands for the source modality.
 *
 * @param embedder e_s
 * @param sampler source batches of the alignment
 * @param problem of an alignment by transport; null where there is none
 */
public record FrozenSource(
    SourceEmbedder embedder, SourceSampler sampler, @Nullable TransportProblem problem) {

  /** The problem of an alignment by transport. */
  TransportProblem transport() {
    if (problem == null) {
      throw new IllegalStateException("the job has no alignment by transport");
    }
    return problem;
  }
}
