package dev.mona.config;

import java.util.List;

/** The keys of one part of the configuration and the combinations that cannot work. */
interface Section {

  /** What the part is about, for the documentation. */
  String title();

  /** The keys in documentation order. */
  List<Key<?>> keys();

  /** Reports values that are good alone and impossible together. */
  default void check(Values values, Problems problems) {}
}
