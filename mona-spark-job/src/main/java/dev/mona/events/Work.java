package dev.mona.events;

/**
 * How much was done.
 *
 * @param examples target samples seen by all workers
 * @param seconds wall-clock time
 */
public record Work(long examples, double seconds) {
  public Work {
    if (examples < 0) {
      throw new IllegalArgumentException(examples + " examples cannot be");
    }
  }

  /** Samples a second; NaN when no time passed. */
  public double rate() {
    return seconds > 0 ? examples / seconds : Double.NaN;
  }
}
