package dev.mona.arms;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the ways of training that are compared: settings over a configuration that all share.
 *
 * @param name what tables call it, and part of the names of its runs
 * @param settings {@code key=value} each, a later one for the same key wins
 * @param baseline name of the arm that it is held against; its own where that is it
 */
public record Arm(String name, List<String> settings, String baseline) {
  public Arm {
    settings = List.copyOf(settings);
  }

  /** A method as an arm. */
  static Arm method(String id, String baseline) {
    return new Arm(id, List.of("method=" + id), baseline);
  }

  /** The same with more settings. */
  Arm with(String suffix, List<String> more, String newBaseline) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(more);
    return new Arm(name + suffix, all, newBaseline);
  }

  /** The same, held against another one. */
  Arm against(String other) {
    return new Arm(name, settings, other);
  }

  /** Whether it says what a key is. */
  boolean sets(String key) {
    return settings.stream().anyMatch(setting -> setting.startsWith(key + "="));
  }
}
