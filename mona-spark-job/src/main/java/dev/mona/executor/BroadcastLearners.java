package dev.mona.executor;

import dev.mona.device.ArrayMemory;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
import dev.mona.inputs.JobModel;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.MonaLearner;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.function.Supplier;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes learners over the broadcast model.
 *
 * @param model the model, sent once a job
 */
public record BroadcastLearners(Broadcast<JobModel> model) implements LearnerFactory {
  private static final Logger log = LoggerFactory.getLogger(BroadcastLearners.class);

  @Override
  public Learner create() {
    int threads = model.value().threads();
    warnOfEnvironment(threads);
    TaskDevice.bind(model.value().device());
    try {
      MonaLearner learner = new MonaLearner(ExecutorModel.of(model).frozen());
      return new Placed(learner, model.value().device(), threads);
    } catch (RuntimeException e) {
      throw ArrayMemory.explained(e);
    }
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
  public static String environmentThreads() {
    return System.getenv().getOrDefault("OMP_NUM_THREADS", "unset");
  }

  /** Sets the native threads of the calling thread: OpenMP keeps that number per thread. */
  static void useThreads(int threads) {
    if (threads > 0) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
  }

  /** A learner that works on its task's device with a given number of native threads. */
  private record Placed(Learner learner, WantedDevice device, int threads) implements Learner {
    @Override
    public RoundResult run(RoundWork work, TrainingState state, SampleBlock block) {
      return run(work, state, block, () -> {});
    }

    @Override
    public RoundResult run(RoundWork work, TrainingState state, SampleBlock block, Runnable step) {
      return placed(() -> learner.run(work, state, block, step));
    }

    @Override
    public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
      return placed(() -> learner.predict(stage, state, block));
    }

    /** A warm learner may come from a task of another thread. */
    private <T> T placed(Supplier<T> work) {
      TaskDevice.bind(device);
      useThreads(threads);
      try {
        return work.get();
      } catch (RuntimeException e) {
        throw ArrayMemory.explained(e);
      }
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
