package dev.mona.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Substitutions such as {@code ${HOME}}, {@code ${?MONA_DATA}} or {@code ${run.seed}}. One names a
 * variable of the environment or a key whose own value holds none, so that the text grows by each
 * of them once and not by all of them times each other.
 */
final class Substitutions {
  private static final int MOST_CHARACTERS = 1 << 20;

  private Substitutions() {}

  /**
   * Resolves all of them.
   *
   * @param names what is named between the braces
   * @throws ConfigException when one names what is not there or holds substitutions itself
   */
  static Config resolve(Config config, Collection<String> names) {
    if (config.isResolved()) {
      return config;
    }
    for (String name : names) {
      if (!isPlain(config.root(), ConfigUtil.splitPath(name).iterator())) {
        throw new ConfigException.Generic(
            "${"
                + name
                + "} names a key whose own value holds a substitution: write the value itself, or a"
                + " variable of the environment");
      }
    }
    Config resolved = config.resolve();
    if (resolved.root().render(ConfigRenderOptions.concise()).length() > MOST_CHARACTERS) {
      throw new ConfigException.Generic(
          "the substitutions of the configuration make more than 1048576 characters of it: this is"
              + " no configuration");
    }
    return resolved;
  }

  /** Whether there is nothing at a path, or something that needs no resolving. */
  private static boolean isPlain(ConfigObject root, Iterator<String> path) {
    @Nullable ConfigValue at = root;
    try {
      while (path.hasNext()) {
        String name = path.next();
        if (!(at instanceof ConfigObject node)) {
          break;
        }
        at = node.get(name);
      }
    } catch (ConfigException.NotResolved e) {
      // an object that a substitution makes
      return false;
    }
    return at == null || at.atKey("value").isResolved();
  }
}
