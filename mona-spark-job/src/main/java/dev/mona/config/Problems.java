package dev.mona.config;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.List;

/** All that is wrong with a configuration, reported at once. */
final class Problems {
  private final List<String> sentences = new ArrayList<>();

  void add(String sentence) {
    sentences.add(sentence);
  }

  void throwIfAny() {
    if (sentences.size() == 1) {
      throw MonaException.configuration(sentences.get(0));
    }
    if (!sentences.isEmpty()) {
      throw MonaException.configuration(
          sentences.size()
              + " problems in the configuration:\n  - "
              + String.join("\n  - ", sentences));
    }
  }
}
