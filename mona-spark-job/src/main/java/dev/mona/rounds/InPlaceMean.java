package dev.mona.rounds;

import dev.mona.compute.Array;
import dev.mona.compute.Collective;
import dev.mona.learner.Held;
import dev.mona.learner.TrainingState;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the states of workers that stay: the same at all of them, and what {@link
 * OuterUpdate} makes of them on the driver, to the byte. Moments that stay with their workers are
 * averaged at the end of the epoch, weighted by the examples that each has seen since they were.
 */
final class InPlaceMean {
  private final Collective others;
  private final Lent lent;
  private final OuterUpdate outer;
  private final long[] seen;

  /**
   * The mean over all workers.
   *
   * @param outer {@code LOCAL} moments stay
   */
  InPlaceMean(Collective others, Lent lent, OuterUpdate outer) {
    this.others = others;
    this.lent = lent;
    this.outer = outer;
    seen = new long[others.size()];
  }

  /** Whether this worker has its share of what the outer step needs, if it needs any. */
  boolean isHeld() {
    return outer.step() == null || lent.hasShare(others);
  }

  /**
   * All workers have a new state; now its share is taken.
   *
   * @param velocity where the first worker has it; empty elsewhere
   */
  void begin(float[] velocity) {
    if (outer.step() != null) {
      lent.share(others.share(lent.held().parameters(), outer.step(), velocity, 0));
    }
  }

  /**
   * Averages after a round.
   *
   * @param reports of all workers
   * @param last whether it is that of the epoch
   * @return whether all values are finite that were written anywhere
   */
  boolean average(List<Contribution.Report> reports, boolean last) {
    Held held = lent.held();
    long[] weights = reports.stream().mapToLong(Contribution.Report::examples).toArray();
    Arrays.setAll(seen, worker -> seen[worker] + weights[worker]);
    boolean stay = outer.moments() == OuterUpdate.Moments.LOCAL;
    if (outer.step() == null && !stay) {
      return others.mean(held.arrays(), weights);
    }
    boolean finite = parameters(held.parameters(), reports, weights);
    if (!stay) {
      finite &= others.mean(held.moments(), weights);
    } else if (last) {
      finite &= moments(held);
    }
    return finite;
  }

  private boolean parameters(
      List<Array> arrays, List<Contribution.Report> reports, long[] weights) {
    boolean dropped =
        reports.stream()
            .reduce(Contribution.Report::merge)
            .map(merged -> merged.metrics().allDropped())
            .orElse(false);
    return (outer.step() == null || dropped)
        ? others.mean(arrays, weights)
        : others.step(arrays, weights, lent.share());
  }

  private boolean moments(Held held) {
    boolean finite = others.mean(held.moments(), seen);
    Arrays.fill(seen, 0);
    return finite;
  }

  /**
   * The state that all have come to. Where moments stay and the epoch is not over, they are
   * averaged before.
   *
   * @return null but at the first worker
   */
  @Nullable TrainingState handOver() {
    Held held = lent.held();
    if (outer.moments() == OuterUpdate.Moments.LOCAL && LongStream.of(seen).sum() > 0) {
      moments(held);
    }
    float[] velocity =
        outer.step() == null ? new float[0] : others.velocity(held.parameters(), lent.share(), 0);
    return others.rank() == 0 ? held.save().withVelocity(velocity) : null;
  }
}
