package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceTexts;
import dev.mona.weights.TextEncoderConfig;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pretrained source embedder e_s of BERT and RoBERTa: word + position + token type, then layer
 * norm. Never trained; its output is a constant of the tape. Read-only, so that all learners of a
 * JVM share one.
 */
public final class SourceEmbedder {
  /** Added to the scores of padding. */
  private static final float HIDDEN = -1e9f;

  private final TextEncoderConfig config;
  private final INDArray words;
  private final INDArray positions;
  private final INDArray type;
  private final INDArray gain;
  private final INDArray bias;

  /**
   * Copies the tables to the device.
   *
   * @param words word table {@code [vocabulary, W]} row-major
   * @param positions position table {@code [positions, W]}, offset rows included
   * @param type first row of the token-type table {@code [W]}
   * @param gain layer-norm weight {@code [W]}
   * @param bias layer-norm bias {@code [W]}
   */
  public SourceEmbedder(
      TextEncoderConfig config,
      float[] words,
      float[] positions,
      float[] type,
      float[] gain,
      float[] bias) {
    this.config = config;
    int width = config.hiddenWidth();
    this.words = Nd4j.createFromArray(words).reshape('c', words.length / width, width);
    this.positions = Nd4j.createFromArray(positions).reshape('c', positions.length / width, width);
    this.type = Nd4j.createFromArray(type);
    this.gain = Nd4j.createFromArray(gain);
    this.bias = Nd4j.createFromArray(bias);
  }

  /**
   * Refuses texts that the encoder cannot take.
   *
   * @throws MonaException of the category {@code DATA} when a text is too long or holds a token
   *     outside the vocabulary
   */
  public void require(SourceTexts texts) {
    requireLength(texts.longest());
    requireTokens(texts.tokens());
  }

  private void requireLength(int length) {
    if (length > config.maxTokens()) {
      throw MonaException.data(
          "a source text has %d tokens, the encoder takes %d; lower source.max-tokens"
              .formatted(length, config.maxTokens()));
    }
  }

  private void requireTokens(int[] tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= words.size(0)) {
        throw MonaException.data(
            "a source text holds token %d, the encoder's vocabulary ends at %d; tokenise the texts with the encoder's own tokenizer"
                .formatted(token, words.size(0) - 1));
      }
    }
  }

  /** The embedded texts, {@code [size * length, W]}. */
  public Variable embed(Tape tape, SourceBatch batch) {
    int length = batch.length();
    requireLength(length);
    requireTokens(batch.tokens());
    int width = config.hiddenWidth();
    int offset = config.positionOffset();
    INDArray position = positions.get(NDArrayIndex.interval(offset, offset + length));
    return tape.rows(words, batch.tokens())
        .reshape(batch.size(), length, width)
        .add(tape.constant(position))
        .add(tape.constant(type))
        .normalize(config.layerNormEpsilon())
        .multiply(tape.constant(gain))
        .add(tape.constant(bias))
        .reshape((long) batch.size() * length, width);
  }

  /** The attention mask of the padding, {@code [size, 1, 1, length]}. */
  public static Variable mask(Tape tape, SourceBatch batch) {
    int length = batch.length();
    float[] mask = new float[batch.size() * length];
    for (int i = 0; i < batch.size(); i++) {
      for (int j = batch.lengths()[i]; j < length; j++) {
        mask[i * length + j] = HIDDEN;
      }
    }
    return tape.constant(mask, batch.size(), 1, 1, length);
  }
}
