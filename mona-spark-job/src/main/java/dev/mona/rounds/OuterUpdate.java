package dev.mona.rounds;

import dev.mona.compute.Nesterov;
import dev.mona.learner.TrainingState;
import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the workers' states after their local steps.
 *
 * @param step taken from the parameters before the round by what their mean moved; null where the
 *     mean itself is what the next round starts from
 * @param moments what becomes of those of the optimizer
 */
public record OuterUpdate(@Nullable Nesterov step, Moments moments) implements Serializable {

  /** What becomes of the optimizer's moments at the end of a round. */
  public enum Moments {
    /** They are averaged like the parameters. */
    AVERAGE,
    /** Every worker keeps its own until the end of the epoch, when they are averaged. */
    LOCAL;

    /** Name in the configuration. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The mean of parameters and moments. */
  public static final OuterUpdate MEAN = new OuterUpdate(null, Moments.AVERAGE);

  /** A state at the start of a stage, with a velocity of zeros where there is to be one. */
  TrainingState start(TrainingState state) {
    return step == null ? state : state.withVelocity(new float[state.parameters().length]);
  }

  /**
   * What a round of which the driver has the mean comes to. A round in which no worker could take a
   * step leaves parameters and velocity as they were.
   *
   * @param start the state that the round started from; not changed
   */
  Averaged of(TrainingState start, Averaged averaged) {
    if (step == null) {
      return averaged;
    }
    TrainingState mean = averaged.state();
    float[] velocity = start.velocity();
    float[] parameters = mean.parameters();
    if (!averaged.report().metrics().allDropped()) {
      velocity = velocity.clone();
      parameters = parameters.clone();
      step.step(start.parameters(), velocity, 0, parameters, parameters.length);
    }
    return new Averaged(
        new TrainingState(parameters, mean.moments(), velocity, mean.iteration()),
        averaged.report());
  }
}
