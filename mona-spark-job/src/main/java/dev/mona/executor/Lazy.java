package dev.mona.executor;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made on first use and can be given up. Not thread-safe.
 *
 * @param <T> what it holds
 */
final class Lazy<T> {
  private final Supplier<T> maker;
  private final Consumer<T> closer;
  private @Nullable T value;

  Lazy(Supplier<T> maker, Consumer<T> closer) {
    this.maker = maker;
    this.closer = closer;
  }

  T get() {
    T made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return made;
  }

  /** Closes the value, if there is one. The next use makes a new one. */
  void close() {
    T made = value;
    value = null;
    if (made != null) {
      closer.accept(made);
    }
  }
}
