package dev.mona.rounds;

import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.spark.EveryExecutor;
import java.io.Serializable;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The learners of one job, wherever its tasks run: kept warm in a {@link LearnerPool} of each JVM.
 *
 * @param job tells the job's pools from those of others
 * @param factory makes its learners
 */
record JobLearners(String job, LearnerFactory factory) implements Serializable {

  /** The learners of a job that begins. */
  static JobLearners of(LearnerFactory factory) {
    return new JobLearners(UUID.randomUUID().toString(), factory);
  }

  /** Lends a learner of this JVM for one piece of work. */
  <T> T use(Function<Learner, T> work) {
    return LearnerPool.of(job, factory).use(work);
  }

  /** Lends a learner of this JVM that holds a state of some name, if one does. */
  <T> T useHolding(String state, Function<Lent, T> work) {
    return LearnerPool.of(job, factory).useHolding(state, work);
  }

  /** Closes them on the driver and on the executors. */
  void release(JavaSparkContext spark) {
    String ended = job;
    EveryExecutor.release(spark, "learners", () -> LearnerPool.close(ended));
  }
}
