package dev.mona.compute;

import dev.mona.MonaException;
import java.util.Optional;
import java.util.ServiceLoader;

/** The way to a {@link Collective}. */
public final class Collectives {
  private Collectives() {}

  /** The library on the class path, if there is one. */
  public static Optional<Communication> library() {
    return ServiceLoader.load(Communication.class, Communication.class.getClassLoader())
        .findFirst();
  }

  /**
   * Joins the other members, and waits for them. One worker alone needs no library.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} where there is none
   */
  public static Collective join(Membership membership) {
    if (membership.size() == 1) {
      return new Alone();
    }
    return library()
        .orElseThrow(
            () ->
                new MonaException(
                    MonaException.Category.ENVIRONMENT,
                    "workers are averaged in place by libtorch, which is not on the class path: use"
                        + " a jar that was built with the profile torch or torch-cuda, or let"
                        + " Spark's shuffle average"))
        .join(membership);
  }
}
