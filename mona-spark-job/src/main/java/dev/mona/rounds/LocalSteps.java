package dev.mona.rounds;

import dev.mona.gauges.JvmMetrics;
import dev.mona.learner.RoundResult;
import dev.mona.learner.TrainingState;
import dev.mona.spark.Sent;
import dev.mona.task.PartitionSamples;
import java.io.Serializable;
import java.util.Map;

/**
 * The executor's side of a round: its local steps on one partition.
 *
 * @param learners who takes them
 * @param round which steps
 * @param start the state that they start from
 */
record LocalSteps(JobLearners learners, Round round, Sent<TrainingState> start)
    implements Serializable {

  /**
   * What came of them.
   *
   * @param round what the learner hands back
   * @param seconds time that they took
   */
  record Done(RoundResult round, double seconds) {}

  /**
   * Takes the steps on the samples of a partition. A partition that has run out of samples gives
   * back the state it was given.
   *
   * @param step called after every local step
   * @throws IllegalStateException if the learner took another number of steps than the round asks
   */
  Done run(int partition, PartitionSamples samples, Runnable step) {
    TrainingState from = start.value();
    int steps = round.stepsOf(samples.size());
    if (steps == 0) {
      return new Done(new RoundResult(partition, 0, from, Map.of(), Map.of()), 0);
    }
    long began = System.nanoTime();
    RoundResult result =
        learners.use(learner -> learner.run(round.work(partition), from, samples, step));
    if (result.examples() < 1 || result.state().iteration() != from.iteration() + steps) {
      throw new IllegalStateException(
          "partition "
              + partition
              + " saw "
              + result.examples()
              + " examples and went from iteration "
              + from.iteration()
              + " to "
              + result.state().iteration()
              + " in a round of "
              + steps
              + " steps");
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    JvmMetrics.work().trained(result.examples(), seconds);
    return new Done(result, seconds);
  }
}
