package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusSplitTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  @Test
  void givesEachClassItsNumberOfTextsClassByClass() {
    CorpusSplit<LabelledTexts> split = corpus(20, 9, 4).split(5, 3, 1);
    assertThat(split.train().perClass()).containsExactly(5, 5, 3);
    assertThat(split.probe().perClass()).containsExactly(3, 3, 1);
    assertThat(split.train().labels()).isSorted();
    assertThat(split.probe().labels()).isSorted();
    assertThat(split.train().classNames()).isEqualTo(NAMES);
    for (int i = 0; i < split.train().size(); i++) {
      assertThat(split.train().texts().get(i)).startsWith(NAMES.get(split.train().labels()[i]));
    }
  }

  @Test
  void thePartsAreDisjointAndTogetherEverythingWhenAllIsWanted() {
    LabelledTexts corpus = corpus(20, 9, 4);
    CorpusSplit<LabelledTexts> split = corpus.split(Integer.MAX_VALUE, 100, 7);
    Set<String> all = new HashSet<>(split.train().texts());
    all.addAll(split.probe().texts());
    assertThat(split.train().size() + split.probe().size()).isEqualTo(33);
    assertThat(all).containsExactlyInAnyOrderElementsOf(corpus.texts());
  }

  @Test
  void theChoiceDependsOnTheSeedAndNotOnTheOrderOfReading() {
    LabelledTexts corpus = corpus(50, 50, 50);
    CorpusSplit<LabelledTexts> split = corpus.split(10, 5, 3);
    long shuffleSeed = 17;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(shuffleSeed));
    LabelledTexts shuffled =
        new LabelledTexts(
            order.stream().map(corpus.texts()::get).toList(),
            order.stream().mapToInt(i -> corpus.labels()[i]).toArray(),
            NAMES);

    CorpusSplit<LabelledTexts> again = shuffled.split(10, 5, 3);

    assertThat(again.train().texts()).isEqualTo(split.train().texts());
    assertThat(again.probe().texts()).isEqualTo(split.probe().texts());
    assertThat(corpus.split(10, 5, 4).train().texts()).isNotEqualTo(split.train().texts());
  }

  @Test
  void aLargerTrainingPartBeginsWithEverySmallerOne() {
    LabelledTexts corpus = corpus(50, 50, 50);
    LabelledTexts large = corpus.split(20, 5, 3).train();
    LabelledTexts small = corpus.split(10, 5, 3).train();
    assertThat(large.firstPerClass(10).texts()).isEqualTo(small.texts());
    assertThat(large.firstPerClass(10).labels()).isEqualTo(small.labels());
  }

  @Test
  void aRepeatedTextCountsOnceUnderItsLowestClass() {
    LabelledTexts corpus =
        new LabelledTexts(List.of("x", "y", "x", "x"), new int[] {2, 1, 0, 0}, NAMES);
    CorpusSplit<LabelledTexts> split = corpus.split(10, 10, 0);
    assertThat(split.train().texts()).containsExactly("x", "y");
    assertThat(split.train().labels()).containsExactly(0, 1);
    assertThat(split.probe().size()).isZero();
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> corpus(1, 1, 1).split(0, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> corpus(1, 1, 1).split(1, -1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelledTexts(List.of("x"), new int[] {3}, NAMES));
  }

  private static LabelledTexts corpus(int... perClass) {
    Classed<String> texts = new Classed<>();
    for (int c = 0; c < perClass.length; c++) {
      for (int i = 0; i < perClass[c]; i++) {
        texts.add(NAMES.get(c) + " text " + i, NAMES.get(c));
      }
    }
    return LabelledTexts.of(texts, "test");
  }
}
