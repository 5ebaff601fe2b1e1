package dev.mona.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.MonaException;
import dev.mona.encoder.MiniLm;
import dev.mona.source.SourceTexts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {
  private static final TokenizerLimits LIMITS = new TokenizerLimits(60, 2048);
  private static final int VOCABULARY = MiniLm.ENCODER.tables().vocabulary();

  @Test
  void givesTheWordPiecesOfTheVocabulary() throws IOException {
    JsonNode vocabulary;
    try (InputStream in = MiniLm.tokenizer()) {
      vocabulary = new ObjectMapper().readTree(in).path("model").path("vocab");
    }
    List<Integer> expected = new ArrayList<>();
    for (String piece :
        List.of(
            "[CLS]", "a", "token", "##izer", "cuts", "una", "##ffa", "##ble", "words", "!",
            "[SEP]")) {
      assertThat(vocabulary.has(piece)).as(piece).isTrue();
      expected.add(vocabulary.get(piece).asInt());
    }
    try (TextTokenizer tokenizer = open(32)) {
      assertThat(tokenizer.encode("A  Tokenizer cuts UNAFFABLE words!"))
          .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /** Ids published with BERT: [CLS] 101, [SEP] 102, hello 7592, world 2088. */
  @Test
  void knownSentenceKnownIds() throws IOException {
    try (TextTokenizer tokenizer = open(32)) {
      assertThat(tokenizer.encode("hello world")).containsExactly(101, 7592, 2088, 102);
      assertThat(tokenizer.encode("")).containsExactly(101, 102);
    }
  }

  @Test
  void cutsLongTextsAndKeepsTheLastSpecialToken() throws IOException {
    try (TextTokenizer tokenizer = open(5)) {
      assertThat(tokenizer.encode("hello hello hello hello hello hello"))
          .containsExactly(101, 7592, 7592, 7592, 102);
    }
    // Beyond the 128 tokens that the file itself asks for.
    try (TextTokenizer tokenizer = open(300)) {
      assertThat(tokenizer.encode("hello ".repeat(400))).hasSize(300);
    }
  }

  @Test
  void manyTextsKeepTheirOrderAndAreNotPadded() throws IOException {
    Classed<String> texts = new Classed<>();
    for (int i = 0; i < 1100; i++) {
      texts.add("hello ".repeat(i % 7 + 1), i % 2 == 0 ? "even" : "odd");
    }
    LabelledTexts labelled = LabelledTexts.of(texts, "test");
    try (TextTokenizer tokenizer = open(6)) {
      SourceTexts source = labelled.tokenise(tokenizer);
      assertThat(source.size()).isEqualTo(1100);
      assertThat(source.classNames()).containsExactly("even", "odd");
      for (int i = 0; i < 1100; i++) {
        assertThat(source.length(i)).isEqualTo(Math.min(i % 7 + 3, 6));
        assertThat(source.labels()[i]).isEqualTo(i % 2);
        assertThat(source.tokens()[source.offsets()[i]]).isEqualTo(101);
        assertThat(source.tokens()[source.offsets()[i + 1] - 1]).isEqualTo(102);
      }
    }
  }

  @Test
  void refusesIdsTheEncoderDoesNotKnow() throws IOException {
    try (InputStream in = MiniLm.tokenizer();
        TextTokenizer tokenizer = TextTokenizer.open(in, 5000, 32, LIMITS, "tokenizer.json")) {
      assertThatThrownBy(() -> tokenizer.encode("hello"))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("tokenizer.json gives token id 7592, but the encoder knows 5000");
    }
  }

  @Test
  void refusesFilesThatAreNoTokenizer() {
    for (String bad : List.of("", "{}", "not json", "{\"model\": {\"type\": \"Unknown\"}}")) {
      assertThatThrownBy(
              () ->
                  TextTokenizer.open(
                      new ByteArrayInputStream(bad.getBytes(UTF_8)),
                      VOCABULARY,
                      32,
                      LIMITS,
                      "t.json"))
          .as(bad)
          .isInstanceOf(MonaException.class)
          .hasMessageStartingWith("t.json is no tokenizer: ");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> open(2));
  }

  private static TextTokenizer open(int maxTokens) throws IOException {
    try (InputStream in = MiniLm.tokenizer()) {
      return TextTokenizer.open(in, VOCABULARY, maxTokens, LIMITS, "tokenizer.json");
    }
  }
}
