package dev.mona.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The keys of one part of the configuration and the combinations that cannot work. */
class Section {
  private final String title;
  private final List<Key<?>> keys = new ArrayList<>();

  /**
   * Starts a section without keys.
   *
   * @param title what the part is about, for the documentation
   */
  Section(String title) {
    this.title = title;
  }

  final String title() {
    return title;
  }

  /** Takes up a key where it is declared; the documentation has them in this order. */
  final <T> Key<T> add(Key<T> key) {
    keys.add(key);
    return key;
  }

  final List<Key<?>> keys() {
    return Collections.unmodifiableList(keys);
  }

  /** Reports values that are good alone and impossible together. */
  void check(Values values, Problems problems) {}
}
