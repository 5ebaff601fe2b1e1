package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.weights.TextEncoderConfig;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pretrained source embedder of BERT and RoBERTa: word + position + token type, then layer
 * norm. Never trained; its output is a constant of the tape. Read-only, so that all learners of a
 * JVM share one.
 */
public final class TextEmbedding implements SourceEmbedder {
  /** Added to the scores of padding. */
  private static final float HIDDEN = -1e9f;

  private final TextEncoderConfig config;
  private final INDArray words;
  private final INDArray positions;
  private final INDArray type;
  private final INDArray gain;
  private final INDArray bias;

  /** Word table, {@code [vocabulary, W]}. */
  public static final String WORDS = "embeddings.word_embeddings.weight";

  /** Position table, {@code [positions, W]}, offset rows included. */
  public static final String POSITIONS = "embeddings.position_embeddings.weight";

  /** Token-type table, {@code [types, W]}; texts use its first row. */
  public static final String TYPES = "embeddings.token_type_embeddings.weight";

  /** Layer-norm weight, {@code [W]}. */
  public static final String GAIN = "embeddings.LayerNorm.weight";

  /** Layer-norm bias, {@code [W]}. */
  public static final String BIAS = "embeddings.LayerNorm.bias";

  /**
   * Copies the tables to the device.
   *
   * @param tensors {@value #WORDS}, {@value #POSITIONS}, {@value #TYPES}, {@value #GAIN} and
   *     {@value #BIAS}, among others
   */
  public TextEmbedding(TextEncoderConfig config, Map<String, WeightTensor> tensors) {
    this.config = config;
    words = table(WORDS, tensors, config.vocabularySize());
    positions = table(POSITIONS, tensors, config.maxPositions());
    float[] types = WeightTensor.named(TYPES, tensors).values();
    type = Nd4j.createFromArray(Arrays.copyOf(types, config.hiddenWidth()));
    gain = Nd4j.createFromArray(WeightTensor.named(GAIN, tensors).values());
    bias = Nd4j.createFromArray(WeightTensor.named(BIAS, tensors).values());
  }

  private INDArray table(String name, Map<String, WeightTensor> tensors, int rows) {
    float[] values = WeightTensor.named(name, tensors).values();
    if (values.length != (long) rows * config.hiddenWidth()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s holds %d values, its shape has %d",
              name,
              values.length,
              (long) rows * config.hiddenWidth()));
    }
    return Nd4j.createFromArray(values).reshape('c', rows, config.hiddenWidth());
  }

  @Override
  public void require(SourceSamples samples) {
    if (!(samples instanceof SourceTexts texts)) {
      throw MonaException.configuration(
          "the encoder reads text and the source samples are images: name a set of texts",
          Setting.SOURCE);
    }
    requireLength(texts.longest());
    requireTokens(texts.tokens());
  }

  private void requireLength(int length) {
    if (length > config.maxTokens()) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "a source text has %d tokens, the encoder takes %d: cut the texts",
              length,
              config.maxTokens()),
          Setting.SOURCE_TOKENS);
    }
  }

  private void requireTokens(int[] tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= words.size(0)) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "a source text holds token %d, the encoder's vocabulary ends at %d; tokenise the texts with the encoder's own tokenizer",
                token,
                words.size(0) - 1));
      }
    }
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    TextBatch batch = text(samples);
    int length = batch.length();
    requireLength(length);
    requireTokens(batch.tokens());
    int width = config.hiddenWidth();
    int offset = config.positionOffset();
    INDArray position = positions.get(NDArrayIndex.interval(offset, offset + length));
    Variable values =
        tape.rows(words, batch.tokens())
            .reshape(batch.size(), length, width)
            .add(tape.constant(position))
            .add(tape.constant(type))
            .normalize(config.layerNormEpsilon())
            .multiply(tape.constant(gain))
            .add(tape.constant(bias))
            .reshape((long) batch.size() * length, width);
    return Tokens.series(values, batch.size(), length);
  }

  private static TextBatch text(SourceBatch batch) {
    if (batch instanceof TextBatch text) {
      return text;
    }
    throw new IllegalArgumentException("not a batch of texts: " + batch);
  }

  @Override
  public Variable mask(Tape tape, SourceBatch samples) {
    TextBatch batch = text(samples);
    int length = batch.length();
    float[] mask = new float[batch.size() * length];
    for (int i = 0; i < batch.size(); i++) {
      for (int j = batch.lengths()[i]; j < length; j++) {
        mask[i * length + j] = HIDDEN;
      }
    }
    return tape.constant(mask, batch.size(), 1, 1, length);
  }

  @Override
  public int[] lengths(SourceBatch samples, Tokens tokens) {
    return text(samples).lengths();
  }
}
