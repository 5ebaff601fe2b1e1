package dev.mona.learner;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.analysis.KMeans;
import dev.mona.compute.Device;
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
 * @param source what stands for the source
 */
public record FrozenModel(
    LearnerOptions options, Network network, PretrainedWeights pretrained, FrozenSource source) {

  /** The model of a task whose labels are not clustered. */
  public static FrozenModel of(
      LearnerOptions options, PretrainedWeights weights, SourceSamples samples, Device device) {
    return of(options, weights, samples, null, device);
  }

  /**
   * The model.
   *
   * @param clusters of the training labels; needed by an alignment by transport whose target has no
   *     classes
   * @param device that embeds the source samples of such an alignment
   */
  public static FrozenModel of(
      LearnerOptions options,
      PretrainedWeights weights,
      SourceSamples samples,
      @Nullable KMeans clusters,
      Device device) {
    long seed = options.seed();
    Alignment alignment = options.plan().alignment();
    SourceSamples labelled =
        alignment instanceof Alignment.Bilevel bilevel && bilevel.shuffledLabels()
            ? SourceSampler.shuffled(samples, seed)
            : samples;
    Network network = Network.of(options.task(), options.target().embedder(), weights.shape());
    SourceEmbedder embedder = weights.sourceEmbedder();
    embedder.require(samples);
    SourceOptions source = options.source();
    SourceSampler sampler =
        new SourceSampler(labelled, source.classes(), source.samplesPerClass(), seed);
    TransportProblem problem =
        alignment instanceof Alignment.Transport transport && options.plan().transports()
            ? TransportProblem.of(transport, embedder, samples, clusters, seed, device)
            : null;
    return new FrozenModel(options, network, weights, new FrozenSource(embedder, sampler, problem));
  }

  /** The adapters that finetuning trains in place of the encoder; null where it has none. */
  @Nullable LowRankAdapters adapters() {
    LoraOptions lora = options.plan().finetuning().lora();
    return lora == null ? null : new LowRankAdapters(network.backbone().layout(), lora);
  }

  /**
   * The encoder's own weights.
   *
   * @param trained what the state of a finetuning holds of the encoder: its weights, or adapters
   */
  public float[] encoder(float[] trained) {
    LowRankAdapters adapters = adapters();
    return adapters == null ? trained : adapters.merged(pretrained.encoder(), trained);
  }
}
