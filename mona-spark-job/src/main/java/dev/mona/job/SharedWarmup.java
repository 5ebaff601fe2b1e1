package dev.mona.job;

import java.util.List;

/**
 * How a run shares its warm-up with others that begin as it does.
 *
 * @param kept whether the state at its end is kept for others to start from
 * @param from directories of runs that may have kept theirs: the first one whose warm-up is this
 *     run's to the byte is gone on from, any other is passed over
 */
public record SharedWarmup(boolean kept, List<String> from) {
  /** Every run for itself. */
  public static final SharedWarmup NONE = new SharedWarmup(false, List.of());

  public SharedWarmup {
    from = List.copyOf(from);
  }
}
