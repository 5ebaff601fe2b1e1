package dev.mona.events;

/**
 * Which round of a run.
 *
 * @param epoch its epoch
 * @param index round within the epoch, from 0
 * @param of rounds of the epoch
 */
public record RoundPosition(EpochPosition epoch, int index, int of) {
  public RoundPosition {
    if (index < 0 || index >= of) {
      throw new IllegalArgumentException(
          "round " + index + " of " + of + " in " + epoch + " cannot be");
    }
  }
}
