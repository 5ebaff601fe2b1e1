package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.weights.WeightTensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
  private final Tables tables;
  private final OnDevice<Constants> constants = new OnDevice<>(this::copy);

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

  /** The tables on a device; of the types the one row that is used. */
  private record Constants(
      Array words, Array positions, @Nullable Array type, Array gain, Array bias) {}

  /**
   * The embedder of a checkpoint.
   *
   * @param offset row of the position table of the first token
   * @param epsilon of the layer norm
   */
  public TextEmbedding(Tables tables, int offset, double epsilon) {
    this.tables = tables;
    this.offset = offset;
    this.epsilon = epsilon;
    width = tables.gain().values().length;
  }

  private Constants copy(Device device) {
    WeightTensor types = tables.types();
    return new Constants(
        device.of(tables.words().values(), tables.words().shape()),
        device.of(tables.positions().values(), tables.positions().shape()),
        types == null ? null : device.of(types.values(), width),
        device.of(tables.gain().values(), width),
        device.of(tables.bias().values(), width));
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
    long most = tables.positions().shape()[0] - offset;
    if (length > most) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "a source text has %d tokens, the encoder takes %d: cut the texts",
              length,
              most),
          Setting.SOURCE_TOKENS);
    }
  }

  private void requireTokens(int[] tokens) {
    long vocabulary = tables.words().shape()[0];
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "a source text holds token %d, the encoder's vocabulary ends at %d; tokenise the texts with the encoder's own tokenizer",
                token,
                vocabulary - 1));
      }
    }
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    TextBatch batch = text(samples);
    int length = batch.length();
    requireLength(length);
    requireTokens(batch.tokens());
    Constants on = constants.get(tape.device());
    Variable sum =
        tape.rows(on.words(), batch.tokens())
            .reshape(batch.size(), length, width)
            .add(tape.leaf(on.positions().slice(offset, offset + length)));
    Array type = on.type();
    if (type != null) {
      sum = sum.add(tape.leaf(type));
    }
    Variable values =
        sum.normalize(epsilon)
            .multiply(tape.leaf(on.gain()))
            .add(tape.leaf(on.bias()))
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
