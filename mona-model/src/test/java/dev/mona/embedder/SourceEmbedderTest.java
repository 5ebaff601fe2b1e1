package dev.mona.embedder;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextEncoder;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceEmbedderTest {
  private static final int WIDTH = SmallModel.WIDTH;

  private static double[] expected(PretrainedWeights weights, int token, int position) {
    double[] x = new double[WIDTH];
    int row = position + SmallModel.config(weights).tables().offset();
    double mean = 0;
    for (int k = 0; k < WIDTH; k++) {
      x[k] =
          (double) SmallModel.embedding(weights, TextEncoder.WORDS).values()[token * WIDTH + k]
              + SmallModel.embedding(weights, TextEncoder.POSITIONS).values()[row * WIDTH + k]
              + SmallModel.embedding(weights, TextEncoder.TYPES).values()[k];
      mean += x[k] / WIDTH;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / WIDTH;
    }
    for (int k = 0; k < WIDTH; k++) {
      x[k] =
          (x[k] - mean)
                  / Math.sqrt(variance + SmallModel.config(weights).layerNormEpsilon())
                  * SmallModel.embedding(weights, TextEncoder.GAIN).values()[k]
              + SmallModel.embedding(weights, TextEncoder.BIAS).values()[k];
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(Bert.Variant.class)
  void addsWordPositionAndTypeAndNormalises(Bert.Variant kind) {
    PretrainedWeights weights = SmallModel.weights(kind, 3);
    TextBatch batch = TextBatch.of(SmallModel.texts(3, 2, 3), new int[] {4, 1, 2});
    for (Device device : List.of(TestDevice.floats(), TestDevice.doubles())) {
      try (Tape tape = new Tape(device)) {
        Values embedded = Values.of(weights.sourceEmbedder().embed(tape, batch).values().value());
        assertThat(embedded.shape()).containsExactly(3L * batch.length(), WIDTH);
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < batch.lengths()[i]; j++) {
            int row = i * batch.length() + j;
            assertThat(embedded.row(row))
                .as("%s, token %d of text %d", device.type(), j, i)
                .containsExactly(expected(weights, batch.tokens()[row], j), within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void theMaskHidesThePadding() {
    TextBatch batch = new TextBatch(new int[6], 3, new int[] {3, 1}, new int[2]);
    try (Tape tape = new Tape(TestDevice.floats())) {
      SourceEmbedder embedder = SmallModel.weights(Bert.Variant.BERT, 3).sourceEmbedder();
      Array mask = requireNonNull(embedder.mask(tape, batch)).value();
      assertThat(mask.shape()).containsExactly(2, 1, 1, 3);
      assertThat(mask.toFloats()).containsExactly(0, 0, 0, 0, -1e9f, -1e9f);
    }
  }

  /** A text may fill every position, although the next multiple of 8 would not fit. */
  @ParameterizedTest
  @EnumSource(Bert.Variant.class)
  void takesTextsOfTheFullLength(Bert.Variant kind) {
    PretrainedWeights weights = SmallModel.weights(kind, 4);
    int full = SmallModel.config(weights).tables().maxTokens();
    SourceTexts texts = oneText(IntStream.range(0, full).toArray());
    assertThat(full % 8).isNotZero();
    SourceEmbedder embedder = weights.sourceEmbedder();
    embedder.require(texts);
    try (Tape tape = new Tape(TestDevice.floats())) {
      Values embedded =
          Values.of(embedder.embed(tape, TextBatch.of(texts, new int[] {0})).values().value());
      assertThat(embedded.row(full - 1))
          .containsExactly(expected(weights, full - 1, full - 1), within(1e-5));
    }
  }

  private static SourceTexts oneText(int... tokens) {
    return new SourceTexts(tokens, new int[] {0, tokens.length}, new int[] {0}, List.of("a"));
  }

  @Test
  void refusesTextsThatAreTooLong() {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.ROBERTA, 5);
    Bert config = SmallModel.config(weights);
    SourceTexts texts = oneText(new int[config.tables().maxTokens() + 1]);
    SourceEmbedder embedder = weights.sourceEmbedder();
    String message = "a source text has 21 tokens, the encoder takes 20: cut the texts";
    assertThatThrownBy(() -> embedder.require(texts))
        .isInstanceOf(MonaException.class)
        .hasMessage(message);
    try (Tape tape = new Tape(TestDevice.floats())) {
      assertThatThrownBy(() -> embedder.embed(tape, TextBatch.of(texts, new int[] {0})))
          .isInstanceOf(MonaException.class)
          .hasMessage(message);
    }
  }

  @Test
  void refusesTokensOutsideTheVocabulary() {
    SourceEmbedder embedder = SmallModel.weights(Bert.Variant.BERT, 6).sourceEmbedder();
    for (int token : new int[] {SmallModel.VOCABULARY, -1, Integer.MAX_VALUE}) {
      SourceTexts texts = oneText(1, token, 2);
      assertThatThrownBy(() -> embedder.require(texts))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("token " + token)
          .hasMessageContaining("vocabulary ends at 39");
      try (Tape tape = new Tape(TestDevice.floats())) {
        assertThatThrownBy(() -> embedder.embed(tape, TextBatch.of(texts, new int[] {0})))
            .isInstanceOf(MonaException.class);
      }
    }
  }
}
