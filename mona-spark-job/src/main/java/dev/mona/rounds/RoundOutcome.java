package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import org.jspecify.annotations.Nullable;

/**
 * What a round leaves behind.
 *
 * @param average the averaged state
 * @param examples samples seen by all workers
 * @param metrics merged in partition order
 * @param seconds wall-clock time of the round
 * @param averagingSeconds the part of it in which the slowest worker's local steps were not
 *     running: bringing states together and back, scheduling, mean
 */
public record RoundOutcome(
    Average average, long examples, Diagnostics metrics, double seconds, double averagingSeconds) {

  /**
   * The mean of the workers' states.
   *
   * @param state null while it stays with the workers
   * @param finite whether all its values are
   */
  public record Average(@Nullable TrainingState state, boolean finite) {

    /** A state that the driver has. */
    public static Average of(TrainingState state) {
      return new Average(state, allFinite(state.parameters()) && allFinite(state.moments()));
    }

    private static boolean allFinite(float[] values) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Of a round whose state the driver has. */
  public RoundOutcome(
      TrainingState state,
      long examples,
      Diagnostics metrics,
      double seconds,
      double averagingSeconds) {
    this(Average.of(state), examples, metrics, seconds, averagingSeconds);
  }

  /**
   * The averaged state.
   *
   * @throws IllegalStateException if it stays with the workers
   */
  public TrainingState state() {
    TrainingState state = average.state();
    if (state == null) {
      throw new IllegalStateException("the state of the round is with the workers");
    }
    return state;
  }

  /** Whether training can go on from here: with numbers, not with infinities and NaN. */
  public boolean isFinite() {
    Double loss = metrics.means().get(Diagnostics.LOSS);
    return average.finite() && (loss == null || Double.isFinite(loss));
  }

  /** The same with the state at hand. */
  RoundOutcome with(TrainingState state) {
    return new RoundOutcome(
        new Average(state, average.finite()), examples, metrics, seconds, averagingSeconds);
  }
}
