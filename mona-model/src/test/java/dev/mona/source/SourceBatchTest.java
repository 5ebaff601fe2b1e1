package dev.mona.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceBatchTest {
  /** Texts of 1, 3, 9 and 11 tokens, counted from 1. */
  private static final SourceTexts TEXTS =
      new SourceTexts(
          IntStream.rangeClosed(1, 24).toArray(),
          new int[] {0, 1, 4, 13, 24},
          new int[] {0, 1, 0, 1},
          List.of("a", "b"));

  @Test
  void padsToAMultipleOfEight() {
    TextBatch batch = TextBatch.of(TEXTS, new int[] {1, 0});
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.length()).isEqualTo(8);
    assertThat(batch.lengths()).containsExactly(3, 1);
    assertThat(batch.labels()).containsExactly(1, 0);
    assertThat(batch.tokens()).containsExactly(2, 3, 4, 0, 0, 0, 0, 0, /**/ 1, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void padsNoFurtherThanTheLongestTextThereIs() {
    TextBatch batch = TextBatch.of(TEXTS, new int[] {2});
    assertThat(batch.length()).isEqualTo(11);
    assertThat(batch.tokens()).containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 0);
    assertThat(TEXTS.longest()).isEqualTo(11);
  }

  @Test
  void textsThatDoNotFitTogetherAreRefused() {
    int[] tokens = {1, 2, 3};
    List<String> names = List.of("a");
    assertThatThrownBy(() -> new SourceTexts(tokens, new int[] {0, 2}, new int[] {0}, names))
        .hasMessageContaining("from 0 to 3");
    assertThatThrownBy(() -> new SourceTexts(tokens, new int[] {1, 3}, new int[] {0}, names))
        .hasMessageContaining("from 0 to 3");
    assertThatThrownBy(() -> new SourceTexts(tokens, new int[] {0, 3}, new int[] {0, 0}, names))
        .hasMessageContaining("2 texts");
    assertThatThrownBy(() -> new SourceTexts(tokens, new int[] {0, 0, 3}, new int[] {0, 0}, names))
        .hasMessage("text 0 has no tokens");
    assertThatThrownBy(() -> new SourceTexts(tokens, new int[] {0, 3}, new int[] {1}, names))
        .hasMessage("text 0 has class 1 of 1");
  }
}
