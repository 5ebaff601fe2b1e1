package dev.mona.learner;

import dev.mona.embedder.SourceEmbedder;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceSampler;
import dev.mona.source.SourceSamples;

/**
 * What never changes during a job and is held once per JVM, shared by its learners: theta_0, the
 * source embedder and the source samples.
 *
 * @param options settings of the job
 * @param network shapes
 * @param pretrained theta_0 on the host
 * @param source e_s on the device
 * @param sampler source batches of the alignment
 */
public record FrozenModel(
    LearnerOptions options,
    Network network,
    PretrainedWeights pretrained,
    SourceEmbedder source,
    SourceSampler sampler) {

  public static FrozenModel of(
      LearnerOptions options, PretrainedWeights weights, SourceSamples samples) {
    AlignmentOptions alignment = options.alignment();
    SourceSamples labelled =
        alignment.shuffledSourceLabels()
            ? SourceSampler.shuffled(samples, options.seed())
            : samples;
    Network network = Network.of(options.task(), options.embedder(), weights.backbone());
    SourceEmbedder source = weights.sourceEmbedder();
    source.require(samples);
    return new FrozenModel(
        options,
        network,
        weights,
        source,
        new SourceSampler(
            labelled, alignment.sourceClasses(), alignment.samplesPerClass(), options.seed()));
  }
}
