package dev.mona.averaging;

import dev.mona.learner.RoundResult;
import java.io.Serializable;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;

/**
 * A worker's round in the form of DL4J's interface.
 *
 * @param round what the learner hands back
 * @param seconds time of the local steps
 */
record MonaTrainingResult(RoundResult round, double seconds)
    implements TrainingResult, Serializable {

  /** Not used: times travel with the round's report. */
  @Override
  public void setStats(SparkTrainingStats stats) {}
}
