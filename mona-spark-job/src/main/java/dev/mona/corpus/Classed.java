package dev.mona.corpus;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Samples as they are read, with the names of their classes; the classes are numbered at the end.
 *
 * @param <T> a sample
 */
final class Classed<T> {
  private static final int MAX_CLASSES = 10_000;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final List<T> samples = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, String> known = new HashMap<>();

  void add(T sample, String className) {
    samples.add(sample);
    // One string for each class, not for each sample.
    names.add(known.computeIfAbsent(className, name -> name));
  }

  /**
   * Classes by their number.
   *
   * @param labels class of each sample
   * @param classNames names of the classes
   */
  record Numbered(int[] labels, List<String> classNames) {}

  /** The names of their classes. */
  Set<String> names() {
    return known.keySet();
  }

  /** The samples, in the order in which they were added. */
  List<T> samples() {
    return samples;
  }

  /**
   * Numbers the classes: by number when all names are whole numbers, else by name.
   *
   * @param where name of the set for messages
   */
  Numbered numbered(String where) {
    if (known.size() < 2 || known.size() > MAX_CLASSES) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s holds %d samples of %d classes; a source set has 2 to %d classes",
              where,
              samples.size(),
              known.size(),
              MAX_CLASSES));
    }
    requireDistinct(where);
    boolean numbers = known.keySet().stream().allMatch(name -> NUMBER.matcher(name).matches());
    Comparator<String> byName = Comparator.naturalOrder();
    Comparator<String> byNumber = Comparator.<String>comparingInt(Integer::parseInt);
    TreeSet<String> sorted = new TreeSet<>(numbers ? byNumber.thenComparing(byName) : byName);
    sorted.addAll(known.keySet());
    Map<String, Integer> positions = new HashMap<>();
    for (String name : sorted) {
      positions.put(name, positions.size());
    }
    return new Numbered(names.stream().mapToInt(positions::get).toArray(), List.copyOf(sorted));
  }

  /** Refuses names that a reader would take for one. */
  private void requireDistinct(String where) {
    Map<String, String> plain = new HashMap<>();
    for (String name : new TreeSet<>(known.keySet())) {
      String other = plain.put(name.strip(), name);
      if (other != null) {
        throw MonaException.data(
            "%s has the classes %s and %s, which differ in blanks only; give them one name"
                .formatted(where, Quoted.of(other), Quoted.of(name)));
      }
    }
  }
}
