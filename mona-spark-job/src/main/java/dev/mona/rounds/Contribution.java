package dev.mona.rounds;

import dev.mona.learner.RoundResult;
import dev.mona.learner.TrainingState;
import dev.mona.tensor.SerialFloats;
import java.io.Serializable;
import org.apache.spark.util.KnownSizeEstimation;

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
   * A chunk that still lies in its state: on its way it is read from there, without a copy.
   *
   * @param chunk its index
   * @param examples samples behind it
   * @param chunks how the state is cut
   * @param state what it lies in; does not change any more
   */
  record Slice(int chunk, long examples, StateChunks chunks, TrainingState state)
      implements Contribution, KnownSizeEstimation {

    Chunk copy() {
      return new Chunk(chunk, examples, chunks.cut(state, chunk));
    }

    /**
     * Of its own: Spark, which would count the state in each, holds slices until they are written.
     */
    @Override
    public long estimatedSize() {
      return 64;
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
