package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagPoolingTest {
  @Test
  void aSentenceHasTheClassOfMostOfItsEntityTokens() {
    assertThat(
            pool(
                TagPooling.SENTENCE,
                "Ann/B-person met/O Bo/B-person in/O New/B-place York/I-place City/I-place"))
        .containsExactly("Ann met Bo in New York City = place");
  }

  @Test
  void amongEqualsTheFirstClassWins() {
    assertThat(pool(TagPooling.SENTENCE, "Rome/B-place greets/O Ann/B-person"))
        .containsExactly("Rome greets Ann = place");
  }

  @Test
  void aSentenceWithoutEntitiesIsOutside() {
    assertThat(pool(TagPooling.SENTENCE, "it/O rains/O")).containsExactly("it rains = O");
  }

  @Test
  void spansAreMaximalRunsAndEndWhereTheNextBegins() {
    assertThat(
            pool(
                TagPooling.SPAN,
                "so/O New/B-place York/I-place Rome/B-place and/O Ann/B-person ./O ok/O"))
        .containsExactly(
            "so = O", "New York = place", "Rome = place", "and = O", "Ann = person", ". ok = O");
  }

  @Test
  void spansOfPlainTags() {
    assertThat(pool(TagPooling.SPAN, "big/ADJ red/ADJ dog/NOUN"))
        .containsExactly("big red = ADJ", "dog = NOUN");
  }

  private static List<String> pool(TagPooling pooling, String sentence) {
    List<String> tokens = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (String pair : sentence.split(" ", -1)) {
      int slash = pair.lastIndexOf('/');
      tokens.add(pair.substring(0, slash));
      tags.add(pair.substring(slash + 1));
    }
    List<String> pooled = new ArrayList<>();
    pooling.pool(tokens, tags, (text, name) -> pooled.add(text + " = " + name));
    return pooled;
  }
}
