package dev.mona.events;

/**
 * Time at the end of an epoch in which nobody trained, in seconds; a part of the epoch's own.
 *
 * @param validation until it was scored on the validation split
 * @param measures until it was measured by what else there is
 */
public record Evaluation(double validation, double measures) {
  private static final double NANOSECONDS = 1e9;

  /** Of an epoch: three moments of the nanosecond clock. */
  public static Evaluation of(long trained, long validated, long measured) {
    return new Evaluation(
        (validated - trained) / NANOSECONDS, (measured - validated) / NANOSECONDS);
  }
}
