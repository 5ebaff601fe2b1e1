package dev.mona.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * How a sentence with a tag on every token becomes texts with one class each. The prefixes of span
 * tags ({@code B-person}, {@code I-person}) are dropped first; {@code O} marks tokens outside of
 * any span.
 */
public enum TagPooling {
  /**
   * The sentence is one text. Its class is the tag of most of its tokens, {@code O} left out; among
   * equals the one that comes first. A sentence of {@code O} alone has the class {@code O}. Fits
   * entities: the context stays in the text.
   */
  SENTENCE {
    @Override
    void pool(List<String> tokens, List<String> tags, BiConsumer<String, String> sink) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (String tag : tags) {
        String bare = bare(tag);
        if (!bare.equals(OUTSIDE)) {
          counts.merge(bare, 1, Integer::sum);
        }
      }
      String majority = OUTSIDE;
      int most = 0;
      for (Map.Entry<String, Integer> entry : counts.entrySet()) {
        if (entry.getValue() > most) {
          most = entry.getValue();
          majority = entry.getKey();
        }
      }
      sink.accept(String.join(" ", tokens), majority);
    }
  },

  /**
   * Every maximal run of tokens of one class is a text. A {@code B-} tag starts a new run. Fits
   * parts of speech, of which every sentence has many and the majority says little.
   */
  SPAN {
    @Override
    void pool(List<String> tokens, List<String> tags, BiConsumer<String, String> sink) {
      List<String> run = new ArrayList<>();
      String runTag = OUTSIDE;
      for (int i = 0; i < tokens.size(); i++) {
        String tag = bare(tags.get(i));
        if (!run.isEmpty() && (tags.get(i).startsWith("B-") || !tag.equals(runTag))) {
          sink.accept(String.join(" ", run), runTag);
          run.clear();
        }
        runTag = tag;
        run.add(tokens.get(i));
      }
      if (!run.isEmpty()) {
        sink.accept(String.join(" ", run), runTag);
      }
    }
  };

  private static final String OUTSIDE = "O";

  /**
   * Gives the texts of one sentence and their classes to a sink.
   *
   * @param tokens the tokens
   * @param tags the tag of each token
   * @param sink takes a text and its class
   */
  abstract void pool(List<String> tokens, List<String> tags, BiConsumer<String, String> sink);

  private static String bare(String tag) {
    return tag.startsWith("B-") || tag.startsWith("I-") ? tag.substring(2) : tag;
  }
}
