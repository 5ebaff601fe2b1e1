package dev.mona.arms;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Values of some keys, as {@code key=a,b,c}: every combination of them is a variant. */
final class Grid {
  /** What a comparison sets itself. */
  private static final Map<String, String> TAKEN =
      Map.of(
          "method",
          "--methods names methods",
          "run.seed",
          "--seeds names seeds",
          "run.id",
          "runs are named after their arms",
          "run.output",
          "all runs are written beside each other",
          "run.resume",
          "runs that have ended are used as they are",
          "task.name",
          "a comparison is of one task",
          Fractions.KEY,
          "--fractions names parts of the samples");

  private Grid() {}

  /**
   * The variants; the first key changes slowest.
   *
   * @param axes one a key
   * @throws MonaException for what has no key or values, for a key that is given twice or that a
   *     comparison sets itself
   */
  static List<Variant> of(List<String> axes) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String axis : axes) {
      int equals = axis.indexOf('=');
      String key = axis.substring(0, Math.max(0, equals)).trim();
      List<String> some =
          Arrays.stream(axis.substring(equals + 1).split(",", -1)).map(String::trim).toList();
      if (key.isEmpty() || some.contains("")) {
        throw MonaException.configuration(
            "--grid %s has no key with values: write --grid key=a,b,c".formatted(Quoted.of(axis)));
      }
      if (TAKEN.containsKey(key)) {
        throw MonaException.configuration(
            "--grid %s cannot be: %s, leave it out".formatted(Quoted.of(key), TAKEN.get(key)));
      }
      if (values.put(key, some) != null) {
        throw MonaException.configuration(
            "--grid names %s twice: give all its values at once".formatted(Quoted.of(key)));
      }
    }
    List<Variant> variants = List.of(new Variant("", List.of()));
    for (Map.Entry<String, List<String>> axis : values.entrySet()) {
      String name = shortest(axis.getKey(), values.keySet());
      List<Variant> more = new ArrayList<>();
      for (Variant variant : variants) {
        for (String value : axis.getValue()) {
          List<String> settings = new ArrayList<>(variant.settings());
          settings.add(axis.getKey() + "=" + value);
          String suffix = "-" + name + "-" + value.replaceAll("[^A-Za-z0-9._-]", "_");
          more.add(new Variant(variant.suffix() + suffix, settings));
        }
      }
      variants = more;
    }
    return variants;
  }

  /** The last part of a key, or all of it where another key ends the same. */
  private static String shortest(String key, Set<String> keys) {
    String last = last(key);
    Map<String, Long> counts =
        keys.stream().collect(Collectors.groupingBy(Grid::last, Collectors.counting()));
    return (counts.getOrDefault(last, 0L) > 1 ? key : last).replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
