package dev.mona.corpus;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Texts as they are read, with the names of their classes; the classes are numbered at the end. */
final class ClassedTexts {
  private static final int MAX_CLASSES = 10_000;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final List<String> texts = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, String> known = new HashMap<>();

  void add(String text, String className) {
    texts.add(text);
    // One string for each class, not for each text.
    names.add(known.computeIfAbsent(className, name -> name));
  }

  /**
   * The texts with numbered classes: by number when all names are whole numbers, else by name.
   *
   * @param where name of the set for messages
   */
  LabelledTexts labelled(String where) {
    if (known.size() < 2 || known.size() > MAX_CLASSES) {
      throw MonaException.data(
          "%s holds %d texts of %d classes; a text set has 2 to %d classes"
              .formatted(where, texts.size(), known.size(), MAX_CLASSES));
    }
    boolean numbers = known.keySet().stream().allMatch(name -> NUMBER.matcher(name).matches());
    Comparator<String> byName = Comparator.naturalOrder();
    Comparator<String> byNumber = Comparator.<String>comparingInt(Integer::parseInt);
    TreeSet<String> sorted = new TreeSet<>(numbers ? byNumber.thenComparing(byName) : byName);
    sorted.addAll(known.keySet());
    List<String> classNames = List.copyOf(sorted);
    Map<String, Integer> positions = new HashMap<>();
    for (String name : classNames) {
      positions.put(name, positions.size());
    }
    int[] labels = names.stream().mapToInt(positions::get).toArray();
    return new LabelledTexts(texts, labels, classNames);
  }
}
