package dev.mona.config;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Classes that a configuration names, in order.
 *
 * @param names full names such as {@code org.example.CountingListener}
 */
public record ListenerClasses(List<String> names) implements Serializable {
  private static final String PART = "[\\p{Alpha}_$][\\w$]*";
  private static final Pattern NAME = Pattern.compile(PART + "(\\." + PART + "){0,31}");
  private static final int LONGEST = 256;
  private static final int MOST = 32;

  public ListenerClasses {
    names = List.copyOf(names);
    if (!areGood(names)) {
      throw new IllegalArgumentException(names + " are no names of classes");
    }
  }

  /** Whether these are at most {@value #MOST} full names of classes. */
  static boolean areGood(List<String> names) {
    return names.size() <= MOST
        && names.stream().allMatch(n -> n.length() <= LONGEST && NAME.matcher(n).matches());
  }
}
