package dev.mona.network;

import dev.mona.MonaException;
import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.EncoderCheckpoint;
import dev.mona.weights.TextEncoderConfig;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A checkpoint as flat arrays, ready to be broadcast: the encoder theta_0 and the tables of the
 * source embedder.
 *
 * @param config shape of the encoder
 * @param encoder theta_0 in the order of the encoder's layout
 * @param words word table
 * @param positions position table
 * @param type first row of the token-type table
 * @param gain weight of the embeddings' layer norm
 * @param bias bias of the embeddings' layer norm
 */
public record PretrainedWeights(
    TextEncoderConfig config,
    float[] encoder,
    float[] words,
    float[] positions,
    float[] type,
    float[] gain,
    float[] bias)
    implements Serializable {
  public PretrainedWeights {
    long width = config.hiddenWidth();
    requireLength(encoder, new TextEncoder(config).layout().length(), "encoder");
    requireLength(words, config.vocabularySize() * width, "word table");
    requireLength(positions, config.maxPositions() * width, "position table");
    requireLength(type, width, "token type");
    requireLength(gain, width, "layer-norm weight");
    requireLength(bias, width, "layer-norm bias");
  }

  private static void requireLength(float[] values, long length, String what) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "%s holds %d values, its shape has %d".formatted(what, values.length, length));
    }
  }

  public static PretrainedWeights of(EncoderCheckpoint checkpoint) {
    if (!(checkpoint.config() instanceof TextEncoderConfig config)) {
      throw MonaException.weights(
          "backbone.weights holds an encoder of images, which no job runs yet; name a text encoder");
    }
    ParameterLayout layout = new TextEncoder(config).layout();
    float[] encoder = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      float[] values = checkpoint.tensor(entry.name()).values();
      System.arraycopy(values, 0, encoder, (int) entry.offset(), values.length);
    }
    float[] types = checkpoint.tensor("embeddings.token_type_embeddings.weight").values();
    return new PretrainedWeights(
        config,
        encoder,
        checkpoint.tensor("embeddings.word_embeddings.weight").values(),
        checkpoint.tensor("embeddings.position_embeddings.weight").values(),
        Arrays.copyOf(types, config.hiddenWidth()),
        checkpoint.tensor("embeddings.LayerNorm.weight").values(),
        checkpoint.tensor("embeddings.LayerNorm.bias").values());
  }

  /** The source embedder, its tables copied to the device. */
  public SourceEmbedder sourceEmbedder() {
    return new SourceEmbedder(config, words, positions, type, gain, bias);
  }
}
