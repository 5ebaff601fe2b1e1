package dev.mona;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The causes of a failure. Spark, Hadoop and parsers wrap what was thrown, often several times. */
public final class Causes {
  /** A chain may lead back to its start. */
  private static final int DEEPEST = 50;

  private Causes() {}

  /** A failure and its causes, outermost first. */
  public static List<Throwable> of(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = failure; at != null && chain.size() < DEEPEST; at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }

  /** The last of them. */
  public static Throwable innermost(Throwable failure) {
    List<Throwable> chain = of(failure);
    return chain.get(chain.size() - 1);
  }

  /** The outermost of a kind. */
  public static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> kind) {
    return of(failure).stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
