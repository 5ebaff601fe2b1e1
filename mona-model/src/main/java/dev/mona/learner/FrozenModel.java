package dev.mona.learner;

import dev.mona.analysis.KMeans;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceSampler;
import dev.mona.source.SourceSamples;
import org.jspecify.annotations.Nullable;

/**
 * What never changes during a job and is held once per JVM, shared by its learners: theta_0, the
 * source embedder and the source samples.
 *
 * @param options settings of the job
 * @param network shapes
 * @param pretrained theta_0 on the host
 * @param source e_s on the device
 * @param sampler source batches of the alignment
 * @param problem of an alignment by transport; null where there is none
 */
public record FrozenModel(
    LearnerOptions options,
    Network network,
    PretrainedWeights pretrained,
    SourceEmbedder source,
    SourceSampler sampler,
    @Nullable TransportProblem problem) {

  /** The model of a task whose labels are not clustered. */
  public static FrozenModel of(
      LearnerOptions options, PretrainedWeights weights, SourceSamples samples) {
    return of(options, weights, samples, null);
  }

  /**
   * The model.
   *
   * @param clusters of the training labels; needed by an alignment by transport whose target has no
   *     classes
   */
  public static FrozenModel of(
      LearnerOptions options,
      PretrainedWeights weights,
      SourceSamples samples,
      @Nullable KMeans clusters) {
    AlignmentOptions alignment = options.alignment();
    SourceSamples labelled =
        alignment.shuffledSourceLabels()
            ? SourceSampler.shuffled(samples, options.seed())
            : samples;
    Network network = Network.of(options.task(), options.embedder(), weights.shape());
    SourceEmbedder source = weights.sourceEmbedder();
    source.require(samples);
    return new FrozenModel(
        options,
        network,
        weights,
        source,
        new SourceSampler(
            labelled, alignment.sourceClasses(), alignment.samplesPerClass(), options.seed()),
        options.transports()
            ? TransportProblem.of(alignment.transport(), source, samples, clusters, options.seed())
            : null);
  }

  /** The problem of an alignment by transport. */
  TransportProblem transport() {
    if (problem == null) {
      throw new IllegalStateException("the job has no alignment by transport");
    }
    return problem;
  }
}
