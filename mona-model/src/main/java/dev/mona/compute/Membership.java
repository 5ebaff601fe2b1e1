package dev.mona.compute;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One worker's place in a {@link Collective}.
 *
 * @param rank from 0 on
 * @param size members
 * @param address name or address of this machine, by which the others reach it; the only one that
 *     is listened on
 * @param exchange how the members tell each other where they listen
 * @param cancelled whether this worker is to end; asked while it waits for the others
 */
public record Membership(
    int rank, int size, String address, Exchange exchange, BooleanSupplier cancelled) {
  public Membership {
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException("there is no member " + rank + " of " + size);
    }
  }

  /** Gives every member a short text of each. */
  @FunctionalInterface
  public interface Exchange {
    /**
     * Waits for all members.
     *
     * @param own this member's text
     * @return those of all, in the order of ranks
     */
    List<String> all(String own);
  }
}
