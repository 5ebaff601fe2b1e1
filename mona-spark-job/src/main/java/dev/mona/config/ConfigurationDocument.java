package dev.mona.config;

import com.typesafe.config.Config;
import java.util.Locale;

/** The text of docs/configuration.md, made from the keys and the reference defaults. */
final class ConfigurationDocument {
  private ConfigurationDocument() {}

  static String render() {
    Config reference = ConfigLayers.reference();
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (Section section : Schema.SECTIONS) {
      text.append("\n## ").append(section.title()).append("\n\n");
      text.append("| key | type | default | range | meaning |\n|---|---|---|---|---|\n");
      for (Key<?> key : section.keys()) {
        text.append(row(key, reference));
      }
    }
    return text.toString();
  }

  private static String row(Key<?> key, Config reference) {
    String fallback =
        reference.hasPath(key.path()) ? canonical(key, reference) : "none, must be set";
    return String.format(
        Locale.ROOT,
        "| `%s` | %s | %s | %s | %s |\n",
        key.path(),
        key.type() instanceof ValueType.Choice ? "choice" : withoutArticle(key.type().noun()),
        fallback,
        key.type().range().isEmpty() ? "-" : key.type().range(),
        key.meaning());
  }

  private static <T> String canonical(Key<T> key, Config reference) {
    return Values.parse(key.type(), reference.getValue(key.path()))
        .map(value -> "`" + key.type().render(value) + "`")
        .orElseThrow(() -> new IllegalStateException("bad default of " + key.path()));
  }

  private static String withoutArticle(String noun) {
    return noun.replaceFirst("^an? ", "");
  }

  private static final String INTRODUCTION =
      """
      # Configuration

      This page is generated from the code; `ConfigurationDocumentTest` fails when it is stale and
      rewrites it with `-Dmona.docs.write=true`.

      A configuration is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md). Sources, the
      first that sets a key wins:

      1. `--set key=value` on the command line, as often as needed; the value is taken literally
      2. the file of `--config`
      3. the task file of `--task`, by name (`conf/tasks/<name>.conf`) or by path
      4. the defaults below

      Unknown keys, wrong types, values out of range and impossible combinations are all reported at
      once, with file and line, before anything starts. The resolved configuration of a run is stored
      as its `config.conf`; `mona train --config <run>/config.conf` repeats the run. Its SHA-256 over
      all keys that decide what is computed is the configuration hash of the run. `run.partitions` and
      `run.threads-per-task` are not among them: they are stored as they are resolved.

      Durations are counted in epochs and sizes in samples, tokens or values, as the meaning says.
      """;
}
