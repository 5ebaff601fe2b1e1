package dev.mona.arms;

import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The arms of a comparison.
 *
 * @param all in the order in which they run
 * @param same arms that are the same as an earlier one, which stands for them, by name
 */
public record Arms(List<Arm> all, Map<String, String> same) {
  public Arms {
    all = List.copyOf(all);
    same = Map.copyOf(same);
  }

  /**
   * Methods, the first of which the others are held against.
   *
   * @param ids their names, not checked
   */
  public static Arms ofMethods(List<String> ids) {
    return new Arms(ids.stream().map(id -> Arm.method(id, ids.get(0))).toList(), Map.of());
  }

  /**
   * The arms of a preset.
   *
   * @param mona the configuration that they change, with method {@code mona}
   */
  public static Arms of(Preset preset, MonaConfig mona) {
    return new Arms(preset.arms(mona.plan().stages()), Map.of());
  }

  /** Each with parts of the training samples. */
  public Arms withFractions(List<String> perCents) {
    return perCents.isEmpty() ? this : with(Fractions.of(perCents));
  }

  /**
   * Each with every combination of some values.
   *
   * @param axes {@code key=a,b,c} each
   */
  public Arms withGrid(List<String> axes) {
    return axes.isEmpty() ? this : with(Grid.of(axes));
  }

  private Arms with(List<Variant> variants) {
    for (String setting : variants.get(0).settings()) {
      String key = setting.substring(0, setting.indexOf('='));
      for (Arm arm : all) {
        if (arm.sets(key)) {
          throw MonaException.configuration(
              "--grid has %s, which arm %s sets itself: leave one of them out"
                  .formatted(key, arm.name()));
        }
      }
    }
    return new Arms(Variant.of(all, variants), same);
  }

  /**
   * Leaves out arms that differ from an earlier one in nothing but their name.
   *
   * @param configurations the configuration of an arm
   * @throws MonaException if two different ones have one name
   */
  public Arms distinct(Function<Arm, MonaConfig> configurations) {
    Map<MonaConfig, Arm> first = new LinkedHashMap<>();
    Map<String, String> twins = new HashMap<>(same);
    Set<String> names = new HashSet<>();
    for (Arm arm : all) {
      Arm before = first.putIfAbsent(configurations.apply(arm), arm);
      if (before != null) {
        twins.put(arm.name(), before.name());
      } else if (!names.add(arm.name())) {
        throw MonaException.configuration(
            "two arms are called %s: leave one of their values out".formatted(arm.name()));
      }
    }
    List<Arm> left = new ArrayList<>();
    for (Arm arm : first.values()) {
      left.add(arm.against(twins.getOrDefault(arm.baseline(), arm.baseline())));
    }
    return new Arms(left, twins);
  }

  /** Which arms are left out and what stands for them, a line each. */
  public String leftOut() {
    return same.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(twin -> "arm " + twin.getKey() + " is arm " + twin.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
