package dev.mona.executor;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made on first use and can be given up. One user at a time; others wait.
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

  synchronized <R> R use(Function<T, R> work) {
    T made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return work.apply(made);
  }

  /** Closes the value, if there is one. The next use makes a new one. */
  synchronized void close() {
    T made = value;
    value = null;
    if (made != null) {
      closer.accept(made);
    }
  }
}
