package dev.mona.rounds;

/**
 * The sequence of rounds of a job; runs on the driver once the samples are in place.
 *
 * @param <T> what it comes to
 */
@FunctionalInterface
public interface Program<T> {
  T run(Workers workers);
}
