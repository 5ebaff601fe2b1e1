package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Rounds that workers do one after the other without the driver between them.
 *
 * @param first the first of them; the last is that of the epoch
 * @param workers how many
 * @param start what they start from
 * @param line on which the driver is told of each round, and says whether the next is wanted
 * @param reached name of the state that the workers hold afterwards
 */
record EpochWork(Round first, int workers, Start start, String line, String reached)
    implements Serializable {

  /**
   * A state.
   *
   * @param name under which a worker may hold it
   * @param parameters its number of parameters
   * @param moments its number of moments
   * @param iteration its steps
   * @param sent the state, for the case that no worker holds it; null where one should
   */
  record Start(
      String name,
      int parameters,
      int moments,
      long iteration,
      @Nullable Broadcast<TrainingState> sent)
      implements Serializable {}

  /**
   * What comes back.
   *
   * @param state null if no worker had the state to start from
   */
  record End(@Nullable TrainingState state) implements Serializable {}

  /**
   * Asked of the driver: where the workers of a stage listen.
   *
   * @param meeting tells the stage from others
   * @param rank of the worker that asks
   * @param of how many
   * @param text where it listens itself
   */
  record Here(String meeting, int rank, int of, String text) implements Serializable {}

  /**
   * Told to the driver.
   *
   * @param round within the epoch
   * @param report of all workers
   * @param finite whether all of the mean is
   */
  record Told(int round, Contribution.Report report, boolean finite) implements Serializable {}
}
