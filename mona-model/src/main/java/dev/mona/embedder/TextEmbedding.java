package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pretrained source embedder of an encoder of text: word + position + token type, then layer
 * norm. Never trained; its output is a constant of the tape. Read-only, so that all learners of a
 * JVM share one.
 */
public final class TextEmbedding implements SourceEmbedder {
  /** Added to the scores of padding. */
  private static final float HIDDEN = -1e9f;

  private final int offset;
  private final double epsilon;
  private final int width;
  private final INDArray words;
  private final INDArray positions;
  private final @Nullable INDArray type;
  private final INDArray gain;
  private final INDArray bias;

  /**
   * The checkpoint's values.
   *
   * @param words word table, {@code [vocabulary, W]}
   * @param positions position table, {@code [positions, W]}, offset rows included
   * @param types token-type table, {@code [types, W]}, of which texts use the first row; null where
   *     there are no types
   * @param gain layer-norm weight, {@code [W]}
   * @param bias layer-norm bias, {@code [W]}
   */
  public record Tables(
      WeightTensor words,
      WeightTensor positions,
      @Nullable WeightTensor types,
      WeightTensor gain,
      WeightTensor bias) {}

  /**
   * Copies the tables to the device.
   *
   * @param offset row of the position table of the first token
   * @param epsilon of the layer norm
   */
  public TextEmbedding(Tables tables, int offset, double epsilon) {
    this.offset = offset;
    this.epsilon = epsilon;
    width = tables.gain().values().length;
    words = table(tables.words());
    positions = table(tables.positions());
    WeightTensor types = tables.types();
    type = types == null ? null : Nd4j.createFromArray(Arrays.copyOf(types.values(), width));
    gain = Nd4j.createFromArray(tables.gain().values());
    bias = Nd4j.createFromArray(tables.bias().values());
  }

  private static INDArray table(WeightTensor tensor) {
    return Nd4j.createFromArray(tensor.values()).reshape('c', tensor.shape());
  }

  @Override
  public void require(SourceSamples samples) {
    if (!(samples instanceof SourceTexts texts)) {
      throw MonaException.configuration(
          "the encoder reads text and the source samples are images: set source.kind to wordnet or a text set");
    }
    requireLength(texts.longest());
    requireTokens(texts.tokens());
  }

  private void requireLength(int length) {
    long most = positions.size(0) - offset;
    if (length > most) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "a source text has %d tokens, the encoder takes %d; lower source.max-tokens",
              length,
              most));
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
    INDArray position = positions.get(NDArrayIndex.interval(offset, offset + length));
    Variable sum =
        tape.rows(words, batch.tokens())
            .reshape(batch.size(), length, width)
            .add(tape.constant(position));
    if (type != null) {
      sum = sum.add(tape.constant(type));
    }
    Variable values =
        sum.normalize(epsilon)
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
