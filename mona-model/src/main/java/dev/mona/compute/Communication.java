package dev.mona.compute;

/**
 * A library by which workers reach each other, whichever engine computes. Found by {@link
 * java.util.ServiceLoader}; see {@link Collectives}. Making one loads no native library.
 */
public interface Communication {
  /** The library with its version. */
  String library();

  /**
   * Loads it.
   *
   * @throws dev.mona.MonaException of the category {@code ENVIRONMENT} where its natives are
   *     missing
   */
  void load();

  /** Joins the other members, and waits for them. */
  Collective join(Membership membership);
}
