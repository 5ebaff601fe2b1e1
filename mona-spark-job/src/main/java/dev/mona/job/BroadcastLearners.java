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

/**
 * Makes learners over the broadcast model.
 *
 * @param model the model, sent once a job
 */
record BroadcastLearners(Broadcast<JobModel> model) implements LearnerFactory {
  @Override
  public Learner create() {
    int threads = model.value().threads();
    MonaLearner learner = new MonaLearner(ExecutorModel.of(model).frozen());
    return threads == 0 ? learner : new Threaded(learner, threads);
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
