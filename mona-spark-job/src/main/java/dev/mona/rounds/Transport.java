package dev.mona.rounds;

import java.util.Locale;

/** How the states of the workers come together. The bytes of the mean do not depend on it. */
public enum Transport {
  /** In place where that is possible and of use, otherwise over the shuffle. */
  AUTO,
  /** Over Spark's shuffle and the driver, every round a job of its own. */
  SHUFFLE,
  /** In place, between workers that stay for an epoch. */
  COLLECTIVE;

  /** Name in the configuration. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
