package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordNetGlossesTest {
  private static LabelledTexts glosses;

  @BeforeAll
  static void read() {
    glosses = WordNetGlosses.read();
  }

  @Test
  void holdsEverySynsetUnderItsLexicographerFile() {
    // Synsets of WordNet 3.1: 82,192 of nouns, 13,789 of verbs, 18,185 of adjectives, 3,625 of
    // adverbs.
    assertThat(glosses.size()).isEqualTo(117_791);
    assertThat(glosses.classNames())
        .hasSize(WordNetGlosses.CLASSES)
        .startsWith("adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal")
        .endsWith("verb.weather", "adj.ppl");
    assertThat(glosses.perClass()[glosses.classNames().indexOf("noun.motive")]).isEqualTo(42);
    assertThat(Arrays.stream(glosses.perClass()).sum()).isEqualTo(117_791);
    assertThat(prefixCount("noun.")).isEqualTo(82_192);
    assertThat(prefixCount("verb.")).isEqualTo(13_789);
    assertThat(prefixCount("adv.")).isEqualTo(3_625);
  }

  @Test
  void aKnownDefinitionHasItsClass() {
    int i =
        glosses
            .texts()
            .indexOf(
                "that which is perceived or known or inferred to have its own distinct existence"
                    + " (living or nonliving)");
    assertThat(i).isNotNegative();
    assertThat(glosses.classNames().get(glosses.labels()[i])).isEqualTo("noun.Tops");
  }

  @Test
  void noDefinitionIsEmptyOrEndsInASeparator() {
    assertThat(glosses.texts())
        .noneMatch(text -> text.isBlank() || text.endsWith(";") || text.endsWith(":"));
  }

  @Test
  void everyClassFillsASourceBatch() {
    CorpusSplit<LabelledTexts> split = glosses.split(200, 20, 1);
    for (int count : split.train().perClass()) {
      assertThat(count).isBetween(28, 200);
    }
    for (int count : split.probe().perClass()) {
      assertThat(count).isBetween(14, 20);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set up for use; \"install the washer\"; \"We put in a sink\"|set up for use",
        "a unit; used in \"x\"; \"an example\"|a unit; used in \"x\"",
        "to put in place: \"he sent Smith in\"|to put in place",
        "no example at all|no example at all",
        "one part; another part|one part; another part",
        "\"only an example\"|``",
        "trailing separator;|trailing separator",
      })
  void aDefinitionEndsBeforeTheFirstExample(String gloss, String definition) {
    assertThat(WordNetGlosses.definition(gloss)).isEqualTo(definition);
  }

  private static int prefixCount(String prefix) {
    int sum = 0;
    for (int c = 0; c < glosses.classNames().size(); c++) {
      if (glosses.classNames().get(c).startsWith(prefix)) {
        sum += glosses.perClass()[c];
      }
    }
    return sum;
  }
}
