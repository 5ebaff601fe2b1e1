package dev.mona.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known key that somebody most likely meant. */
final class NearestKey {
  private NearestKey() {}

  /**
   * The candidate at the smallest edit distance, if that is at most a third of the name's length;
   * otherwise one in the same section with the same last name (a forgotten level).
   */
  static Optional<String> to(String unknown, Collection<String> candidates) {
    int limit = Math.max(2, unknown.length() / 3);
    Optional<String> near =
        candidates.stream()
            .filter(c -> distance(unknown, c) <= limit)
            .min(
                Comparator.comparingInt((String c) -> distance(unknown, c))
                    .thenComparing(Comparator.naturalOrder()));
    Optional<String> sameName =
        candidates.stream()
            .filter(c -> last(c).equals(last(unknown)) && first(c).equals(first(unknown)))
            .findFirst();
    return sameName.isPresent() ? sameName : near;
  }

  /** Levenshtein distance: insertions, deletions and substitutions of one character. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static String first(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
