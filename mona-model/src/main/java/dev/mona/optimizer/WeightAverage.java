package dev.mona.optimizer;

import dev.mona.compute.Array;
import dev.mona.compute.Vectors;
import java.io.Serializable;

/**
 * The average of parameters along the steps of an optimizer, which goes on from the parameters
 * themselves (Polyak and Juditsky, SIAM J. Control Optim. 30, 1992; exponential: Tarvainen and
 * Valpola, NeurIPS 2017, equation 1). Corrected as the moments of Adam are (Kingma and Ba, ICLR
 * 2015, section 3), so that what it starts from has no share in it. With theta_t the parameters
 * after step t:
 *
 * <pre>
 * m_t = decay m_(t-1) + (1 - decay) theta_t,  m_0 = 0        average_t = m_t / (1 - decay^t)
 * </pre>
 *
 * <p>What is kept is the average itself, in the form
 *
 * <pre>
 * average_t = average_(t-1) + share_t (theta_t - average_(t-1))
 * share_t   = (1 - decay) / (1 - decay^t),  1 / t with decay 1
 * </pre>
 *
 * <p>so that a mean of several workers' averages is one, too, even where they took different
 * numbers of steps; m would need the number of each. Where an outer step moves the parameters
 * between rounds ({@link dev.mona.compute.Nesterov}), the average is over what local steps come to,
 * and what the outer step jumps to has its part through the steps from there. A decay of 1 makes it
 * the plain mean of all theta_t. A parameter that does not change is its own average to the bit, up
 * to the sign of a zero.
 *
 * @param decay in (0, 1]
 */
public record WeightAverage(double decay) implements Serializable {
  public WeightAverage {
    if (!(decay > 0 && decay <= 1)) {
      throw new IllegalArgumentException("decay is " + decay + ", must be in (0, 1]");
    }
  }

  /**
   * Takes the parameters after a step into the average.
   *
   * @param parameters {@code [n]}
   * @param average {@code [n]}, updated; looked at from the second step on
   * @param scratch {@code [n]}, overwritten
   * @param iteration steps taken before this one
   */
  public void step(Array parameters, Array average, Array scratch, long iteration) {
    Vectors vectors = parameters.device().vectors();
    if (iteration == 0) {
      vectors.copy(parameters, average);
      return;
    }
    vectors.subtract(parameters, average, scratch);
    vectors.axpy(share(iteration), scratch, average);
  }

  /** Exact for decays close to 1, and the same on every JVM. */
  private double share(long iteration) {
    double t = iteration + 1.0;
    return decay == 1 ? 1 / t : (1 - decay) / -StrictMath.expm1(t * StrictMath.log(decay));
  }
}
