package dev.mona.storage;

import java.time.Duration;

/**
 * Terms of a lock.
 *
 * @param length how long the owner's last sign of life holds; one who waits takes over after it
 * @param patience how long to wait for an owner that may be dead; a living one is not waited for
 */
public record Lease(Duration length, Duration patience) {
  /** Of commands that have no setting for it. */
  public static final Lease USUAL = of(Duration.ofSeconds(60));

  public Lease {
    if (length.toSeconds() < 1 || patience.isNegative()) {
      throw new IllegalArgumentException("a lease of " + length + " is none");
    }
  }

  /** One that waits until a dead owner's lease is over. */
  public static Lease of(Duration length) {
    return new Lease(length, length.plusSeconds(2));
  }

  /** Signs of life come often enough that some may get lost. */
  Duration beat() {
    return length.dividedBy(6);
  }
}
