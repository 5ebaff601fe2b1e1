package dev.mona.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of a configuration that differ from the defaults in {@code mona-reference.conf}; one
 * without a default always does.
 *
 * @param lines {@code key = value}, sorted
 * @param all how many settings there are
 */
public record ChangedSettings(List<String> lines, int all) {
  public ChangedSettings {
    lines = List.copyOf(lines);
  }

  /**
   * Those of a configuration in its canonical form.
   *
   * @param rendered one key a line, as {@link MonaConfig#rendered()} and {@code config.conf}
   */
  public static ChangedSettings of(String rendered) {
    Set<String> defaults = defaults();
    List<String> lines = rendered.lines().toList();
    return new ChangedSettings(
        lines.stream().filter(line -> !defaults.contains(line)).toList(), lines.size());
  }

  /** The lines of all settings that have a default, at their defaults. */
  static Set<String> defaults() {
    List<Key<?>> keys = Schema.keys().stream().filter(key -> !key.required()).toList();
    Values values = Values.read(ConfigLayers.reference().resolve(), keys, new Problems());
    return keys.stream().map(values::line).collect(Collectors.toCollection(HashSet::new));
  }

  /** The lines under a heading that says what is left out. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(lines.size()).append(" of ").append(all);
    text.append(" settings differ from the defaults (--all prints the rest):\n");
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
