package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained source embedder e_s. Never trained; its output is a constant of the tape. Read-only,
 * so that all learners of a JVM share one.
 */
public sealed interface SourceEmbedder permits TextEmbedding, PatchEmbedding {

  /**
   * Refuses samples that the encoder cannot take.
   *
   * @throws dev.mona.MonaException when they are of another modality, too long or outside of the
   *     vocabulary
   */
  void require(SourceSamples samples);

  /** Records the embedded samples. */
  Tokens embed(Tape tape, SourceBatch batch);

  /** The attention mask of padding, {@code [size, 1, 1, length]}; null without padding. */
  default @Nullable Variable mask(Tape tape, SourceBatch batch) {
    return null;
  }

  /**
   * Tokens of each sample that are no padding.
   *
   * @param tokens of the batch, embedded or encoded
   */
  default int[] lengths(SourceBatch batch, Tokens tokens) {
    int[] lengths = new int[batch.size()];
    Arrays.fill(lengths, tokens.size());
    return lengths;
  }
}
