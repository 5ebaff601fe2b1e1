package dev.mona.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.mona.Shown;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The accepted values of a merged configuration, by key, with where each was set. */
final class Values {
  private final Map<Key<?>, Object> accepted = new HashMap<>();
  private final Map<Key<?>, String> origins = new HashMap<>();

  /** Reads every key; what is missing, mistyped or out of range goes to {@code problems}. */
  static Values read(Config merged, Iterable<Key<?>> keys, Problems problems) {
    Values values = new Values();
    for (Key<?> key : keys) {
      values.read(merged, key, problems);
    }
    return values;
  }

  private <T> void read(Config merged, Key<T> key, Problems problems) {
    Optional<ConfigValue> found = find(merged, key.path());
    if (found.isEmpty()) {
      // a key with a default is only lost under a section set to a value, which is reported itself
      if (key.required()) {
        problems.add(
            key.path()
                + " is missing: set it in the task file, in the --config file or with --set "
                + key.path()
                + "=...");
      }
      return;
    }
    ConfigValue value = found.get();
    String where = where(value.origin());
    origins.put(key, where);
    Optional<T> parsed = parse(key.type(), value);
    if (parsed.isPresent()) {
      accepted.put(key, parsed.get());
    } else {
      problems.add(
          key.path()
              + " is "
              + shown(value)
              + " ("
              + where
              + "), must be "
              + key.type().expectation());
    }
  }

  /** The value as a type reads it; empty when it is of another type or out of range. */
  static <T> Optional<T> parse(ValueType<T> type, ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> type.parse(String.valueOf(value.unwrapped()));
      case LIST ->
          value instanceof ConfigList list && list.stream().allMatch(Values::isText)
              ? type.parse(list.stream().map(e -> String.valueOf(e.unwrapped())).toList())
              : Optional.empty();
      case OBJECT, NULL -> Optional.empty();
    };
  }

  private static boolean isText(ConfigValue element) {
    return element.valueType() == ConfigValueType.STRING;
  }

  private static Optional<ConfigValue> find(Config merged, String path) {
    ConfigObject node = merged.root();
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      if (!(node.get(names[i]) instanceof ConfigObject child)) {
        return Optional.empty();
      }
      node = child;
    }
    return Optional.ofNullable(node.get(names[names.length - 1]));
  }

  /** A value for a message: bounded, and without what looks like a login. */
  private static String shown(ConfigValue value) {
    String text =
        switch (value.valueType()) {
          case STRING -> "\"" + Shown.line(String.valueOf(value.unwrapped())) + "\"";
          case LIST -> "a list";
          case OBJECT -> "a section";
          case NUMBER, BOOLEAN, NULL -> String.valueOf(value.unwrapped());
        };
    if (ValueType.Location.hasCredentials(text)) {
      return "an address with a login";
    }
    if (text.matches("(?s).*://.*[@?].*")) {
      return "an address with a login or a query";
    }
    return text.length() <= 100 ? text : text.substring(0, 100) + "...\"";
  }

  /** {@code file:line}, or the option that set the value. */
  static String where(ConfigOrigin origin) {
    return origin.description().replaceFirst(": ([0-9]+)(-[0-9]+)?$", ":$1");
  }

  /** Whether all these keys have accepted values. */
  boolean has(Key<?>... keys) {
    for (Key<?> key : keys) {
      if (!accepted.containsKey(key)) {
        return false;
      }
    }
    return true;
  }

  /** The value of a key that {@link #has} holds for. */
  <T> T get(Key<T> key) {
    return key.type().javaType().cast(Objects.requireNonNull(accepted.get(key), key.path()));
  }

  /** {@code key is value (where)} for messages about combinations. */
  <T> String quote(Key<T> key) {
    return key.path() + " is " + render(key) + " (" + origins.get(key) + ")";
  }

  /** Canonical text of the value. */
  <T> String render(Key<T> key) {
    return key.type().render(get(key));
  }

  /** {@code key = value}. */
  String line(Key<?> key) {
    return key.path() + " = " + render(key);
  }
}
