package dev.mona.config;

import java.util.Map;

/**
 * One configuration key. Its default stands in {@code mona-reference.conf}.
 *
 * @param path full dotted path
 * @param type what it accepts
 * @param meaning one sentence for the documentation, without the full stop
 * @param required whether there is no default
 * @param hashed whether it decides what is computed, and so belongs to the configuration's hash
 */
record Key<T>(String path, ValueType<T> type, String meaning, boolean required, Hashed hashed) {

  /** Whether a key belongs to the configuration's hash. */
  enum Hashed {
    /** It decides what is computed. */
    YES,
    /** It says where or how to start, not what to compute. */
    NO,
    /** It decides, and whoever had no such key computed as its default says. */
    UNLESS_DEFAULT
  }

  private static Key<Integer> whole(String path, int min, int max, String meaning) {
    return new Key<>(path, new ValueType.Whole(min, max), meaning, false, Hashed.YES);
  }

  static Key<Integer> atLeast(int min, String path, String meaning) {
    return whole(path, min, Integer.MAX_VALUE, meaning);
  }

  static Key<Integer> between(int min, int max, String path, String meaning) {
    return whole(path, min, max, meaning);
  }

  static Key<Double> positive(String path, String meaning) {
    return decimal(new ValueType.Decimal(0, true, Double.POSITIVE_INFINITY, false), path, meaning);
  }

  static Key<Double> notNegative(String path, String meaning) {
    return decimal(new ValueType.Decimal(0, false, Double.POSITIVE_INFINITY, false), path, meaning);
  }

  /** {@code 0 <= value < 1}. */
  static Key<Double> fraction(String path, String meaning) {
    return decimal(new ValueType.Decimal(0, false, 1, true), path, meaning);
  }

  /** {@code 0 <= value <= 1}. */
  static Key<Double> upToOne(String path, String meaning) {
    return decimal(new ValueType.Decimal(0, false, 1, false), path, meaning);
  }

  /** {@code 0 < value <= 1}. */
  static Key<Double> part(String path, String meaning) {
    return decimal(new ValueType.Decimal(0, true, 1, false), path, meaning);
  }

  private static Key<Double> decimal(ValueType.Decimal type, String path, String meaning) {
    return new Key<>(path, type, meaning, false, Hashed.YES);
  }

  static Key<Boolean> flag(String path, String meaning) {
    return new Key<>(path, new ValueType.Flag(), meaning, false, Hashed.YES);
  }

  static <E extends Enum<E>> Key<E> choice(Class<E> type, String path, String meaning) {
    return choice(type, Map.of(), path, meaning);
  }

  static <E extends Enum<E>> Key<E> choice(
      Class<E> type, Map<E, String> exceptions, String path, String meaning) {
    return new Key<>(path, ValueType.Choice.of(type, exceptions), meaning, false, Hashed.YES);
  }

  static Key<String> of(ValueType<String> type, String path, String meaning) {
    return new Key<>(path, type, meaning, false, Hashed.YES);
  }

  /** The same key without a default. */
  Key<T> withoutDefault() {
    return new Key<>(path, type, meaning, true, hashed);
  }

  /** The same key outside the hash. */
  Key<T> notDecisive() {
    return new Key<>(path, type, meaning, required, Hashed.NO);
  }

  /** The same key outside the hash at its default, so that older configurations keep theirs. */
  Key<T> decisiveUnlessDefault() {
    return new Key<>(path, type, meaning, required, Hashed.UNLESS_DEFAULT);
  }
}
