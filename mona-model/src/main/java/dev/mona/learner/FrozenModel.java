package dev.mona.learner;

import dev.mona.embedder.SourceEmbedder;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceSampler;
import dev.mona.source.SourceTexts;

/**
 * What never changes during a job and is held once per JVM, shared by its learners: theta_0, the
 * source embedder and the source texts.
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
      LearnerOptions options, PretrainedWeights weights, SourceTexts texts) {
    AlignmentOptions alignment = options.alignment();
    SourceTexts labelled =
        alignment.shuffledSourceLabels() ? SourceSampler.shuffled(texts, options.seed()) : texts;
    SourceEmbedder source = weights.sourceEmbedder();
    source.require(texts);
    return new FrozenModel(
        options,
        Network.of(options.task(), options.embedder(), weights.config()),
        weights,
        source,
        new SourceSampler(
            labelled, alignment.sourceClasses(), alignment.samplesPerClass(), options.seed()));
  }
}
