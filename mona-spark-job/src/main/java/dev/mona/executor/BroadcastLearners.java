package dev.mona.executor;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.config.RunConfig;
import dev.mona.device.TaskDevice;
import dev.mona.inputs.JobModel;
import dev.mona.learner.Held;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.LocalResult;
import dev.mona.learner.MonaLearner;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.broadcast.Broadcast;
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
    RunConfig.Resources resources = model.value().resources();
    warnOfEnvironment(resources.threadsPerTask());
    Device device = bind(resources);
    return new Placed(new MonaLearner(ExecutorModel.of(model, device).frozen(), device), resources);
  }

  /** The device of the calling thread's task, with the native threads of the run. */
  static Device bind(RunConfig.Resources resources) {
    return TaskDevice.bind(resources.device(), resources.threadsPerTask());
  }

  /** Some reductions follow the environment alone, and with it their last bits. */
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

  /** A state in such a learner. */
  private record PlacedState(Held held, RunConfig.Resources resources) implements Held {
    private Held bound() {
      bind(resources);
      return held;
    }

    @Override
    public LocalResult run(RoundWork work, PartitionSamples samples, Runnable step) {
      return bound().run(work, samples, step);
    }

    @Override
    public List<Array> parameters() {
      return bound().parameters();
    }

    @Override
    public List<Array> moments() {
      return bound().moments();
    }

    @Override
    public void averaged(long iteration) {
      held.averaged(iteration);
    }

    @Override
    public long iteration() {
      return held.iteration();
    }

    @Override
    public float[] predict(SampleBlock block) {
      return bound().predict(block);
    }

    @Override
    public TrainingState save() {
      return bound().save();
    }
  }

  /** A learner that works on its task's device with a given number of native threads. */
  private record Placed(Learner learner, RunConfig.Resources resources) implements Learner {
    @Override
    public Held hold(Stage stage, TrainingState state) {
      return new PlacedState(placed(() -> learner.hold(stage, state)), resources);
    }

    @Override
    public Held room(Stage stage, int parameters, int moments) {
      return new PlacedState(placed(() -> learner.room(stage, parameters, moments)), resources);
    }

    @Override
    public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
      return placed(() -> learner.predict(stage, state, block));
    }

    /** A warm learner may come from a task of another thread. */
    private <T> T placed(Supplier<T> work) {
      bind(resources);
      return work.get();
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
