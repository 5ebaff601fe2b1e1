package dev.mona.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.SmallModel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SourceSamplerTest {
  private static final long SEED = 9;
  private static final int CLASSES = 4;
  private static final int PER_CLASS = 3;

  private final SourceTexts texts = SmallModel.texts(7, 5, SEED);
  private final SourceSampler sampler = new SourceSampler(texts, CLASSES, PER_CLASS, SEED);

  private static void assertSame(TextBatch actual, TextBatch expected) {
    assertThat(actual.tokens()).containsExactly(expected.tokens());
    assertThat(actual.lengths()).containsExactly(expected.lengths());
    assertThat(actual.labels()).containsExactly(expected.labels());
    assertThat(actual.length()).isEqualTo(expected.length());
  }

  private static TextBatch draw(SourceSampler from, long... key) {
    return (TextBatch) from.batch(key);
  }

  private static String text(TextBatch batch, int i) {
    int start = i * batch.length();
    return Arrays.toString(Arrays.copyOfRange(batch.tokens(), start, start + batch.lengths()[i]));
  }

  @Test
  void everyBatchHasDistinctClassesWithDistinctTexts() {
    Set<Integer> seen = new HashSet<>();
    for (long key = 0; key < 50; key++) {
      TextBatch batch = draw(sampler, key);
      assertThat(batch.size()).isEqualTo(CLASSES * PER_CLASS);
      Map<Integer, Set<String>> byClass = new TreeMap<>();
      for (int i = 0; i < batch.size(); i++) {
        byClass.computeIfAbsent(batch.labels()[i], c -> new HashSet<>()).add(text(batch, i));
      }
      assertThat(byClass).as("key " + key).hasSize(CLASSES);
      assertThat(byClass.values()).allSatisfy(members -> assertThat(members).hasSize(PER_CLASS));
      seen.addAll(byClass.keySet());
    }
    assertThat(seen).hasSize(7);
  }

  @Test
  void everyTextKeepsItsClass() {
    for (long key = 0; key < 20; key++) {
      TextBatch batch = draw(sampler, key);
      for (int i = 0; i < batch.size(); i++) {
        assertThat(classesOf(text(batch, i))).contains(batch.labels()[i]);
      }
    }
  }

  /** Classes of the texts with these tokens. */
  private Set<Integer> classesOf(String tokens) {
    Set<Integer> classes = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      int[] part = Arrays.copyOfRange(texts.tokens(), texts.offsets()[i], texts.offsets()[i + 1]);
      if (Arrays.toString(part).equals(tokens)) {
        classes.add(texts.labels()[i]);
      }
    }
    return classes;
  }

  @Test
  void aBatchIsAFunctionOfSeedAndKeyAlone() {
    TextBatch first = draw(sampler, 1, 2, 3);
    draw(sampler, 1, 2, 4);
    assertSame(draw(sampler, 1, 2, 3), first);
    assertSame(draw(new SourceSampler(texts, CLASSES, PER_CLASS, SEED), 1, 2, 3), first);
    for (TextBatch other :
        List.of(
            draw(sampler, 1, 3, 2),
            draw(sampler, 1, 2, 4),
            draw(sampler, 1, 2),
            draw(new SourceSampler(texts, CLASSES, PER_CLASS, SEED + 1), 1, 2, 3))) {
      assertThat(other.tokens()).isNotEqualTo(first.tokens());
    }
  }

  @Test
  void classesWithTooFewTextsAreLeftOut() {
    SourceTexts uneven =
        new SourceTexts(
            new int[] {1, 2, 3, 4, 5, 6},
            new int[] {0, 1, 2, 3, 4, 5, 6},
            new int[] {0, 1, 2, 0, 2, 2},
            List.of("a", "b", "c"));
    SourceSampler pairs = new SourceSampler(uneven, 2, 2, SEED);
    for (long key = 0; key < 20; key++) {
      assertThat(pairs.batch(key).labels()).containsOnly(0, 2);
    }
  }

  @Test
  void refusesABatchThatCannotBeDrawn() {
    assertThatThrownBy(() -> new SourceSampler(texts, 8, 2, SEED))
        .hasMessage(
            "a source batch of 8 classes x 2 samples cannot be drawn, only 7 classes have that many:"
                + " take fewer classes or keep more samples")
        .isInstanceOfSatisfying(
            MonaException.class,
            e ->
                assertThat(e.settings())
                    .containsExactly(Setting.SOURCE_CLASSES, Setting.SOURCE_SAMPLES));
    assertThatThrownBy(() -> new SourceSampler(texts, 4, 6, SEED))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("4 classes x 6 samples")
        .hasMessageContaining("only 0 classes");
  }

  @Test
  void shuffledLabelsAreTheSameLabelsOnOtherTexts() {
    SourceTexts shuffled = (SourceTexts) SourceSampler.shuffled(texts, SEED);
    assertThat(shuffled.labels()).isNotEqualTo(texts.labels());
    assertThat(shuffled.labels()).containsExactlyInAnyOrder(texts.labels());
    assertThat(shuffled.tokens()).containsExactly(texts.tokens());
    assertThat(shuffled.offsets()).containsExactly(texts.offsets());
    assertThat(SourceSampler.shuffled(texts, SEED)).isEqualTo(shuffled);
    assertThat(SourceSampler.shuffled(texts, SEED + 1)).isNotEqualTo(shuffled);
    assertThat(texts).isEqualTo(SmallModel.texts(7, 5, SEED));
  }
}
