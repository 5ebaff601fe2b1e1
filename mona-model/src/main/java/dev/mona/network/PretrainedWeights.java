package dev.mona.network;

import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.SourceClassifier;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.io.Serializable;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as flat arrays, ready to be broadcast: the encoder theta_0 and the tensors of its
 * own embedding block.
 *
 * @param shape of the encoder
 * @param encoder theta_0 in the order of the encoder's layout
 * @param embeddings tensors of the embedding block by name, sorted
 * @param classifier of the source classes; null where the checkpoint has none
 */
public record PretrainedWeights(
    Encoder shape,
    float[] encoder,
    SortedMap<String, WeightTensor> embeddings,
    @Nullable SourceClassifier classifier)
    implements Serializable {
  public PretrainedWeights {
    long length = shape.backbone().layout().length();
    if (encoder.length != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the encoder holds %d values, its shape has %d",
              encoder.length,
              length));
    }
    for (ParameterLayout.Entry entry : shape.embeddings().entries()) {
      int held = WeightTensor.named(entry.name(), embeddings).values().length;
      if (held != entry.length()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s holds %d values, its shape has %d",
                entry.name(),
                held,
                entry.length()));
      }
    }
    embeddings = Collections.unmodifiableSortedMap(new TreeMap<>(embeddings));
  }

  /**
   * A checkpoint, split into encoder and embeddings.
   *
   * @param shape that of the checkpoint, or one for other images
   */
  public static PretrainedWeights of(EncoderCheckpoint checkpoint, Encoder shape) {
    ParameterLayout layout = shape.backbone().layout();
    float[] encoder = new float[Math.toIntExact(layout.length())];
    SortedMap<String, WeightTensor> embeddings = new TreeMap<>(checkpoint.tensors());
    for (ParameterLayout.Entry entry : layout.entries()) {
      float[] values = checkpoint.tensor(entry.name()).values();
      System.arraycopy(values, 0, encoder, (int) entry.offset(), values.length);
      embeddings.remove(entry.name());
    }
    return new PretrainedWeights(
        shape, encoder, shape.resized(embeddings), checkpoint.classifier().orElse(null));
  }

  /** The source embedder. */
  public SourceEmbedder sourceEmbedder() {
    return shape.sourceEmbedder(embeddings);
  }
}
