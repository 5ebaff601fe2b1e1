package dev.mona.config;

import com.typesafe.config.ConfigUtil;
import dev.mona.storage.FileSystems;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a key accepts. A value has one canonical text, so that equal values give equal renderings
 * and hashes.
 */
sealed interface ValueType<T> {

  Class<T> javaType();

  /** Noun for documentation and messages, e.g. {@code integer}. */
  String noun();

  /** Accepted values for documentation and messages, e.g. {@code >= 1}; empty when all are. */
  String range();

  /** The value, or empty when the text is of another type or out of range. */
  Optional<T> parse(String text);

  /** The value of a list; empty for all types but lists. */
  default Optional<T> parse(List<String> elements) {
    return Optional.empty();
  }

  /** Canonical HOCON text. */
  String render(T value);

  /** The whole sentence part after "must be". */
  default String expectation() {
    return (noun() + " " + range()).trim();
  }

  /** A number without fraction. */
  record Whole(int min, int max) implements ValueType<Integer> {
    @Override
    public Class<Integer> javaType() {
      return Integer.class;
    }

    @Override
    public String noun() {
      return "an integer";
    }

    @Override
    public String range() {
      return max == Integer.MAX_VALUE ? ">= " + min : "from " + min + " to " + max;
    }

    @Override
    public Optional<Integer> parse(String text) {
      try {
        return Optional.of(Integer.parseInt(text)).filter(v -> v >= min && v <= max);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String render(Integer value) {
      return value.toString();
    }
  }

  /** Any 64-bit integer. */
  record Seed() implements ValueType<Long> {
    @Override
    public Class<Long> javaType() {
      return Long.class;
    }

    @Override
    public String noun() {
      return "an integer";
    }

    @Override
    public String range() {
      return "of 64 bits";
    }

    @Override
    public Optional<Long> parse(String text) {
      try {
        return Optional.of(Long.parseLong(text));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String render(Long value) {
      return value.toString();
    }
  }

  /** A finite number; each end of the range is open or closed. */
  record Decimal(double min, boolean minOpen, double max, boolean maxOpen)
      implements ValueType<Double> {
    @Override
    public Class<Double> javaType() {
      return Double.class;
    }

    @Override
    public String noun() {
      return "a number";
    }

    @Override
    public String range() {
      String lower = (minOpen ? "> " : ">= ") + plain(min);
      return max == Double.POSITIVE_INFINITY
          ? lower
          : lower + " and " + (maxOpen ? "< " : "<= ") + plain(max);
    }

    @Override
    public Optional<Double> parse(String text) {
      try {
        return Optional.of(Double.parseDouble(text)).filter(this::accepts);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    private boolean accepts(double value) {
      return Double.isFinite(value)
          && (minOpen ? value > min : value >= min)
          && (maxOpen ? value < max : value <= max);
    }

    @Override
    public String render(Double value) {
      return plain(value);
    }

    private static String plain(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }
  }

  /** true or false. */
  record Flag() implements ValueType<Boolean> {
    @Override
    public Class<Boolean> javaType() {
      return Boolean.class;
    }

    @Override
    public String noun() {
      return "true or false";
    }

    @Override
    public String range() {
      return "";
    }

    @Override
    public Optional<Boolean> parse(String text) {
      return switch (text) {
        case "true", "on", "yes" -> Optional.of(true);
        case "false", "off", "no" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String render(Boolean value) {
      return value.toString();
    }
  }

  /** One of an enum's constants, by its name in configuration files. */
  record Choice<E extends Enum<E>>(Class<E> javaType, Map<E, String> names)
      implements ValueType<E> {

    /** Lower-case names with hyphens, except for the given ones. */
    static <E extends Enum<E>> Choice<E> of(Class<E> type, Map<E, String> exceptions) {
      Map<E, String> names = new EnumMap<>(type);
      for (E constant : type.getEnumConstants()) {
        String kebab = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        names.put(constant, exceptions.getOrDefault(constant, kebab));
      }
      return new Choice<>(type, names);
    }

    static <E extends Enum<E>> Choice<E> of(Class<E> type) {
      return of(type, Map.of());
    }

    @Override
    public String noun() {
      return "one of";
    }

    @Override
    public String range() {
      List<String> all = new ArrayList<>(names.values());
      return String.join(", ", all);
    }

    @Override
    public Optional<E> parse(String text) {
      return names.entrySet().stream()
          .filter(e -> e.getValue().equals(text))
          .map(Map.Entry::getKey)
          .findFirst();
    }

    @Override
    public String render(E value) {
      return ConfigUtil.quoteString(String.valueOf(names.get(value)));
    }
  }

  /** Names of classes: a list, or one text with commas between them. */
  record Classes() implements ValueType<ListenerClasses> {
    @Override
    public Class<ListenerClasses> javaType() {
      return ListenerClasses.class;
    }

    @Override
    public String noun() {
      return "a list";
    }

    @Override
    public String range() {
      return "of names of classes, or a text with commas between them";
    }

    @Override
    public Optional<ListenerClasses> parse(String text) {
      return parse(text.isBlank() ? List.of() : List.of(text.split(",", -1)));
    }

    @Override
    public Optional<ListenerClasses> parse(List<String> elements) {
      List<String> names = elements.stream().map(String::trim).toList();
      return ListenerClasses.areGood(names)
          ? Optional.of(new ListenerClasses(names))
          : Optional.empty();
    }

    @Override
    public String render(ListenerClasses value) {
      return value.names().stream()
          .map(ConfigUtil::quoteString)
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A name that is safe inside a path. */
  record Name(boolean emptyAllowed) implements ValueType<String> {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    @Override
    public Class<String> javaType() {
      return String.class;
    }

    @Override
    public String noun() {
      return "a name";
    }

    @Override
    public String range() {
      return "of at most 128 letters, digits, '.', '_' and '-' that starts with a letter or digit"
          + (emptyAllowed ? ", or empty" : "");
    }

    @Override
    public Optional<String> parse(String text) {
      boolean good = text.isEmpty() ? emptyAllowed : SAFE.matcher(text).matches();
      return good ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String render(String value) {
      return ConfigUtil.quoteString(value);
    }
  }

  /** An address of a web server, or none. */
  record WebAddress() implements ValueType<String> {
    @Override
    public Class<String> javaType() {
      return String.class;
    }

    @Override
    public String noun() {
      return "an address";
    }

    @Override
    public String range() {
      return "with http:// or https://, without login and query, or empty";
    }

    @Override
    public Optional<String> parse(String text) {
      return Optional.of(text).filter(address -> address.isEmpty() || isGood(address));
    }

    private static boolean isGood(String text) {
      try {
        URI address = new URI(text);
        return text.matches("https?://.{1,2000}")
            && address.getHost() != null
            && address.getRawUserInfo() == null
            && address.getRawQuery() == null
            && address.getRawFragment() == null;
      } catch (URISyntaxException e) {
        return false;
      }
    }

    @Override
    public String render(String value) {
      return ConfigUtil.quoteString(value);
    }
  }

  /** A path or URI on any file system that Hadoop knows. */
  record Location(boolean emptyAllowed) implements ValueType<String> {
    @Override
    public Class<String> javaType() {
      return String.class;
    }

    @Override
    public String noun() {
      return "a path or URI";
    }

    @Override
    public String range() {
      return "on a file system such as file, hdfs, s3a, gs or abfss, without user name or password"
          + (emptyAllowed ? ", or empty" : "");
    }

    @Override
    public Optional<String> parse(String text) {
      boolean good =
          text.isEmpty()
              ? emptyAllowed
              : !text.isBlank()
                  && text.length() <= 4096
                  && text.chars().noneMatch(Character::isISOControl)
                  && !hasCredentials(text)
                  && FileSystems.refusal(text).isEmpty();
      return good ? Optional.of(text) : Optional.empty();
    }

    /** The resolved configuration is stored beside the results and must hold no secret. */
    static boolean hasCredentials(String text) {
      int scheme = text.indexOf("://");
      if (scheme < 0) {
        return false;
      }
      int path = text.indexOf('/', scheme + 3);
      String authority = text.substring(scheme + 3, path < 0 ? text.length() : path);
      if (authority.indexOf('@') < 0) {
        return false;
      }
      // abfs://container@account and wasb://container@account are addresses, not logins
      return !(text.regionMatches(true, 0, "abfs", 0, 4)
              || text.regionMatches(true, 0, "wasb", 0, 4))
          || authority.substring(0, authority.indexOf('@')).indexOf(':') >= 0;
    }

    @Override
    public String render(String value) {
      return ConfigUtil.quoteString(value);
    }
  }
}
