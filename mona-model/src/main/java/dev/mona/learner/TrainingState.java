package dev.mona.learner;

import dev.mona.tensor.SerialFloats;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What a stage changes: parameters of its trained groups as one flat vector (groups in the order of
 * {@link Stage#trained()}), the optimizer's moments for them, the velocity of an outer optimizer,
 * and the number of optimizer steps taken in the stage. The arrays are shared, not copied: whoever
 * changes a state clones first.
 *
 * @param parameters flat parameters {@code [n]}
 * @param moments flat optimizer state, {@code [m]}, of each group the moments of the rule and then
 *     the average of its parameters, where the stage keeps one; zeros at the start of a stage
 * @param velocity of the parameters from round to round, {@code [n]}, zeros at the start of a
 *     stage; {@code [0]} where no outer optimizer has one. No learner looks at it
 * @param iteration optimizer steps already taken in this stage
 */
public record TrainingState(float[] parameters, float[] moments, float[] velocity, long iteration)
    implements Serializable {
  private static final float[] NONE = {};

  /** A state without a velocity. */
  public TrainingState(float[] parameters, float[] moments, long iteration) {
    this(parameters, moments, NONE, iteration);
  }

  /** The same with another velocity. */
  public TrainingState withVelocity(float[] other) {
    return new TrainingState(parameters, moments, other, iteration);
  }

  /** What local steps start from: the same without a velocity. */
  public TrainingState local() {
    return velocity.length == 0 ? this : withVelocity(NONE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingState that
        && iteration == that.iteration
        && Arrays.equals(parameters, that.parameters)
        && Arrays.equals(moments, that.moments)
        && Arrays.equals(velocity, that.velocity);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters);
  }

  @Override
  public String toString() {
    return "TrainingState[" + parameters.length + " parameters, iteration " + iteration + "]";
  }

  private Object writeReplace() {
    return new Sent(
        new SerialFloats(parameters),
        new SerialFloats(moments),
        new SerialFloats(velocity),
        iteration);
  }

  /** A state on its way between JVMs. */
  private record Sent(
      SerialFloats parameters, SerialFloats moments, SerialFloats velocity, long iteration)
      implements Serializable {
    private Object readResolve() {
      return new TrainingState(parameters.values(), moments.values(), velocity.values(), iteration);
    }
  }
}
