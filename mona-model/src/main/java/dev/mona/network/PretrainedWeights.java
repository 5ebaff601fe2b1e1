package dev.mona.network;

import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.HieraPatchEmbedding;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.SwinPatchEmbedding;
import dev.mona.embedder.TextEmbedding;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.EncoderCheckpoint;
import dev.mona.weights.SourceClassifier;
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
 * @param backbone shape of the encoder
 * @param encoder theta_0 in the order of the encoder's layout
 * @param embeddings tensors of the embedding block by name, sorted
 * @param classifier of the source classes; null where the checkpoint has none
 */
public record PretrainedWeights(
    Backbone backbone,
    float[] encoder,
    SortedMap<String, WeightTensor> embeddings,
    @Nullable SourceClassifier classifier)
    implements Serializable {
  public PretrainedWeights {
    long length = backbone.layout().length();
    if (encoder.length != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the encoder holds %d values, its shape has %d",
              encoder.length,
              length));
    }
    embeddings = Collections.unmodifiableSortedMap(new TreeMap<>(embeddings));
  }

  /** A checkpoint, split into encoder and embeddings. */
  public static PretrainedWeights of(EncoderCheckpoint checkpoint, Backbone backbone) {
    ParameterLayout layout = backbone.layout();
    float[] encoder = new float[Math.toIntExact(layout.length())];
    SortedMap<String, WeightTensor> embeddings = new TreeMap<>(checkpoint.tensors());
    for (ParameterLayout.Entry entry : layout.entries()) {
      float[] values = checkpoint.tensor(entry.name()).values();
      System.arraycopy(values, 0, encoder, (int) entry.offset(), values.length);
      embeddings.remove(entry.name());
    }
    return new PretrainedWeights(
        backbone, encoder, embeddings, checkpoint.classifier().orElse(null));
  }

  /** A tensor of the embedding block. */
  public WeightTensor embedding(String name) {
    return WeightTensor.named(name, embeddings);
  }

  /** The source embedder, its tables copied to the device. */
  public SourceEmbedder sourceEmbedder() {
    if (backbone instanceof TextEncoder text) {
      return new TextEmbedding(text.config(), embeddings);
    }
    if (backbone instanceof SwinTransformer swin) {
      int size = swin.config().imageSize();
      return new SwinPatchEmbedding(embeddings, size, size, swin.config().layerNormEpsilon());
    }
    return new HieraPatchEmbedding(embeddings, ((HieraTransformer) backbone).config().imageSize());
  }
}
