package dev.mona.arms;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings that each of several arms is given in turn: a part of the samples, a point of a grid.
 *
 * @param suffix what the name of an arm gets; empty for nothing
 * @param settings the settings
 */
record Variant(String suffix, List<String> settings) {
  Variant {
    settings = List.copyOf(settings);
  }

  /**
   * Every arm in every variant, variant by variant. Several arms are held against each other within
   * a variant, a single one against its first variant.
   */
  static List<Arm> of(List<Arm> arms, List<Variant> variants) {
    List<Arm> all = new ArrayList<>();
    for (Variant variant : variants) {
      for (Arm arm : arms) {
        String against =
            arms.size() > 1
                ? arm.baseline() + variant.suffix()
                : arm.name() + variants.get(0).suffix();
        all.add(arm.with(variant.suffix(), variant.settings(), against));
      }
    }
    return all;
  }
}
