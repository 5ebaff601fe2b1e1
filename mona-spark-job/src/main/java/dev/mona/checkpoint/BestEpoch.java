package dev.mona.checkpoint;

import java.util.Arrays;

/**
 * The best epoch of a stage so far.
 *
 * @param epoch its index within the stage, from 0
 * @param score its validation score
 * @param parameters the stage's flat parameters at its end; treat as read-only
 */
public record BestEpoch(int epoch, double score, float[] parameters) {
  @Override
  public boolean equals(Object other) {
    return other instanceof BestEpoch that
        && epoch == that.epoch
        && Double.compare(score, that.score) == 0
        && Arrays.equals(parameters, that.parameters);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters);
  }

  @Override
  public String toString() {
    return "BestEpoch[" + epoch + ", score " + score + "]";
  }
}
