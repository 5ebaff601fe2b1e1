package dev.mona.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.mona.MonaException;
import dev.mona.Shown;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The sources of a configuration. Whatever the order of the calls, an assignment beats the file,
 * the file beats the task, and the task beats {@code mona-reference.conf}. Substitutions like
 * {@code ${HOME}} are resolved over all sources, then over the environment. The bounds of what is
 * read are those of {@link ConfigReader}.
 */
public final class ConfigLayers {
  /** Bytes that the file of a configuration may have. */
  public static final int LARGEST = 1 << 20;

  private static final String REFERENCE = "mona-reference.conf";
  private final Problems problems = new Problems();
  private final ConfigReader reader = new ConfigReader();
  private boolean unread;
  private Config task = ConfigFactory.empty();
  private Config file = ConfigFactory.empty();
  private Config assignments = ConfigFactory.empty();

  private ConfigLayers() {}

  public static ConfigLayers start() {
    return new ConfigLayers();
  }

  /**
   * The task layer.
   *
   * @param directory where tasks that are given by name live
   * @param nameOrPath {@code dna_splice}, or the path of a task file
   */
  public ConfigLayers task(Path directory, String nameOrPath) {
    Optional<Path> found = TaskFiles.find(directory, nameOrPath, problems);
    found.ifPresent(path -> task = read(() -> reader.file(path, "task file")));
    unread |= found.isEmpty();
    return this;
  }

  /**
   * The task layer from text.
   *
   * @param where what messages call it
   */
  public ConfigLayers task(String where, String text) {
    task = read(() -> reader.text(where, text));
    return this;
  }

  /** The layer of {@code --config}. */
  public ConfigLayers file(Path path) {
    file = read(() -> reader.file(path, "configuration file"));
    return this;
  }

  /**
   * The layer of {@code --config} from text, for files on other file systems.
   *
   * @param where its address, for messages
   */
  public ConfigLayers text(String where, String text) {
    file = read(() -> reader.text(where, text));
    return this;
  }

  /**
   * The layer of {@code --config} from the configuration that was stored with a run: values alone,
   * no substitutions and no includes.
   *
   * @param where its address, for messages
   */
  public ConfigLayers stored(String where, String text) {
    file = read(() -> reader.stored(where, text));
    return this;
  }

  /** One {@code key=value}; the value is taken as it stands. A later one for the same key wins. */
  public ConfigLayers set(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      problems.add("--set " + assignment + " has no key and value: write --set key=value");
      return this;
    }
    String key = assignment.substring(0, equals).trim();
    String value = assignment.substring(equals + 1).trim();
    try {
      // splitting recurses for each part
      if (key.chars().filter(c -> c == '.').count() > ConfigText.DEEPEST) {
        problems.add("--set names a key of more than 32 parts: see docs/configuration.md for keys");
        return this;
      }
      ConfigUtil.splitPath(key);
      assignments =
          assignments.withValue(key, ConfigValueFactory.fromAnyRef(value, "--set " + key));
    } catch (ConfigException.BadPath e) {
      problems.add("--set " + assignment + " names no key: write --set key=value");
    }
    return this;
  }

  /**
   * Merges and checks.
   *
   * @throws MonaException of category CONFIGURATION that lists all problems
   */
  public MonaConfig load() {
    if (unread) {
      // what a layer that could not be read would have set is not missing
      problems.throwIfAny();
    }
    Config merged = assignments.withFallback(file).withFallback(task).withFallback(reference());
    try {
      merged = reader.resolve(merged);
    } catch (ConfigException e) {
      problems.add(syntax(e));
      problems.throwIfAny();
    }
    Map<String, Key<?>> known = new TreeMap<>();
    Schema.keys().forEach(key -> known.put(key.path(), key));
    findUnknown("", merged.root(), known);
    Values values = Values.read(merged, Schema.keys(), problems);
    Schema.check(values, problems);
    problems.throwIfAny();
    return new MonaConfig(values);
  }

  static Config reference() {
    return ConfigFactory.parseResources(
        ConfigLayers.class.getClassLoader(),
        REFERENCE,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private void findUnknown(String prefix, ConfigObject node, Map<String, Key<?>> known) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(node).entrySet()) {
      String path = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      boolean section = known.keySet().stream().anyMatch(k -> k.startsWith(path + "."));
      if (value instanceof ConfigObject child && !known.containsKey(path) && !child.isEmpty()) {
        findUnknown(path + ".", child, known);
      } else if (section && !(value instanceof ConfigObject)) {
        problems.add(
            Shown.line(path)
                + " ("
                + Values.where(value.origin())
                + ") is a section, not a value: set keys under it, for example "
                + known.keySet().stream().filter(k -> k.startsWith(path + ".")).findFirst().get());
      } else if (!section && !known.containsKey(path)) {
        problems.add(
            "unknown key "
                + Shown.line(path)
                + " ("
                + Values.where(value.origin())
                + ")"
                + NearestKey.to(path, known.keySet())
                    .map(near -> ": did you mean " + near + "?")
                    .orElse(": see docs/configuration.md for the keys that exist"));
      }
    }
  }

  private Config read(Supplier<Config> layer) {
    try {
      return layer.get();
    } catch (ConfigException e) {
      problems.add(syntax(e));
      unread = true;
      return ConfigFactory.empty();
    }
  }

  private static String syntax(ConfigException e) {
    // what this package refuses is a sentence already
    return e instanceof ConfigException.Generic
        ? String.valueOf(e.getMessage())
        : Shown.line("the configuration cannot be parsed: " + e.getMessage());
  }
}
