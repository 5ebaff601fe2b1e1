package dev.mona.learner;

import dev.mona.analysis.KMeans;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Device;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.network.Network;
import dev.mona.objective.TransportDistance;
import dev.mona.source.SourceSampler;
import dev.mona.source.SourceSamples;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the alignment by optimal transport measures: the source features, and which class a target
 * sample has. Held once per JVM; several learners may read it at once.
 *
 * @param distance to the source features
 * @param clusters of the labels of all training samples; null for a task of classes
 */
record TransportProblem(TransportDistance distance, @Nullable KMeans clusters) {
  private static final int BATCH = 64;

  /**
   * The problem of a job.
   *
   * @param device that embeds the source samples
   */
  static TransportProblem of(
      Alignment.Transport options,
      SourceEmbedder source,
      SourceSamples samples,
      @Nullable KMeans clusters,
      long seed,
      Device device) {
    int[] chosen = SourceSampler.subset(samples, options.sourceSamples(), seed);
    int[] labels = Arrays.stream(chosen).map(i -> samples.labels()[i]).toArray();
    return new TransportProblem(
        new TransportDistance(
            features(device, source, samples, chosen), labels, options.regularisation()),
        clusters);
  }

  /** Features {@code [n, W]} of source samples before the encoder. */
  private static float[] features(
      Device device, SourceEmbedder source, SourceSamples samples, int[] chosen) {
    float[] all = {};
    try (Tape tape = new Tape(device)) {
      for (int at = 0; at < chosen.length; at += BATCH) {
        int[] part = Arrays.copyOfRange(chosen, at, Math.min(chosen.length, at + BATCH));
        tape.reset();
        Variable rows = Network.embedSource(tape, source, samples.batch(part));
        int width = Math.toIntExact(rows.shape()[1]);
        if (at == 0) {
          all = new float[Math.multiplyExact(chosen.length, width)];
        }
        rows.value().get(all, at * width);
      }
    }
    return all;
  }

  /** The class of each target sample: its own, or the nearest cluster of its label. */
  int[] classes(TaskSpec task, SampleBlock batch) {
    if (task.kind() == TaskKind.CLASSIFICATION) {
      int[] classes = new int[batch.size()];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = (int) batch.labels()[i];
      }
      return classes;
    }
    if (clusters == null) {
      throw new IllegalStateException(
          "task " + task.name() + " has no classes, and its labels were not clustered");
    }
    return clusters.nearest(batch.labels());
  }
}
