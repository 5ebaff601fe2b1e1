package dev.mona.rounds;

import dev.mona.learner.RoundResult;
import dev.mona.tensor.SerialFloats;
import java.io.Serializable;

/** What one partition puts into a round's shuffle, and what a reducer makes of it. */
sealed interface Contribution extends Serializable {

  /**
   * One chunk of a state.
   *
   * @param chunk its index
   * @param examples samples behind it, its weight; {@code > 0}
   * @param values its values
   */
  record Chunk(int chunk, long examples, float[] values) implements Contribution {
    private Object writeReplace() {
      return new Sent(chunk, examples, new SerialFloats(values));
    }

    /** A chunk on its way between JVMs. */
    private record Sent(int chunk, long examples, SerialFloats values) implements Serializable {
      private Object readResolve() {
        return new Chunk(chunk, examples, values.values());
      }
    }
  }

  /**
   * Everything of a partition's result that is not a vector.
   *
   * @param examples samples seen
   * @param iteration optimizer steps taken in the stage after the round
   * @param localSeconds time of the local steps
   * @param metrics the partition's metrics
   */
  record Report(long examples, long iteration, double localSeconds, Diagnostics metrics)
      implements Contribution {

    /** What a partition reports after its local steps. */
    static Report of(LocalSteps.Done done) {
      RoundResult round = done.round();
      return new Report(
          round.examples(), round.state().iteration(), done.seconds(), Diagnostics.of(round));
    }

    /** This report and then the other's. A partition that saw nothing has no say in the steps. */
    Report merge(Report other) {
      return new Report(
          examples + other.examples,
          Math.max(iteration, other.iteration),
          Math.max(localSeconds, other.localSeconds),
          metrics.merge(other.metrics));
    }
  }
}
