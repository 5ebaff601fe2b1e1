package dev.mona.job;

import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.MonaLearner;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes learners over the broadcast model.
 *
 * @param model the model, sent once a job
 */
record BroadcastLearners(Broadcast<JobModel> model) implements LearnerFactory {
  private static final Logger log = LoggerFactory.getLogger(BroadcastLearners.class);

  @Override
  public Learner create() {
    int threads = model.value().threads();
    warnOfEnvironment(threads);
    MonaLearner learner = new MonaLearner(ExecutorModel.of(model).frozen());
    return threads == 0 ? learner : new Threaded(learner, threads);
  }

  /** Some of ND4J's reductions follow the environment alone, and with it their last bits. */
  private static void warnOfEnvironment(int threads) {
    String environment = environmentThreads();
    if (threads > 0 && !environment.equals(String.valueOf(threads))) {
      log.warn(
          "event=threads_disagree run.threads-per-task={} OMP_NUM_THREADS={}: set both alike, on"
              + " executors with spark.executorEnv.OMP_NUM_THREADS",
          threads,
          environment);
    }
  }

  /** OMP_NUM_THREADS of this JVM. */
  static String environmentThreads() {
    return System.getenv().getOrDefault("OMP_NUM_THREADS", "unset");
  }

  /** Sets the native threads of the calling thread: OpenMP keeps that number per thread. */
  static void useThreads(int threads) {
    if (threads > 0) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
  }

  /** A learner that works with a given number of native threads. */
  private record Threaded(Learner learner, int threads) implements Learner {
    @Override
    public RoundResult run(RoundWork work, TrainingState state, SampleBlock block) {
      useThreads(threads);
      return learner.run(work, state, block);
    }

    @Override
    public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
      useThreads(threads);
      return learner.predict(stage, state, block);
    }

    @Override
    public TrainingState initialState(Stage stage, float[] parameters) {
      return learner.initialState(stage, parameters);
    }

    @Override
    public void close() {
      learner.close();
    }
  }
}
