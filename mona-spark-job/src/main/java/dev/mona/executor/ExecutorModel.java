package dev.mona.executor;

import dev.mona.compute.Device;
import dev.mona.inputs.FixedSamples;
import dev.mona.inputs.JobModel;
import dev.mona.inputs.SourceProxy;
import dev.mona.learner.FrozenModel;
import dev.mona.retention.DiscrepancyMeasure;
import dev.mona.retention.ForgettingGap;
import dev.mona.retention.SourceRetention;
import dev.mona.spark.EveryExecutor;
import java.util.function.Function;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast model on the device of this JVM, shared by all its tasks. One job at a time is
 * kept, until {@link #release}. Broadcasts are numbered anew in each application, and a driver's
 * JVM may see several.
 */
public final class ExecutorModel {
  private static @Nullable ExecutorModel current;

  private final String application;
  private final long broadcast;
  private final FrozenModel frozen;
  private final Lazy<SourceRetention> retention;
  private final Lazy<ForgettingGap> gap;
  private final Lazy<DiscrepancyMeasure> discrepancy;

  private ExecutorModel(String application, long broadcast, JobModel job, Device device) {
    this.application = application;
    this.broadcast = broadcast;
    SourceProxy source = job.source();
    FixedSamples fixed = job.fixed();
    this.frozen =
        FrozenModel.of(job.options(), job.weights(), source.train(), fixed.clusters(), device);
    this.retention =
        new Lazy<>(
            () ->
                new SourceRetention(
                    frozen, device, source.probeTrain(), source.probeTest(), fixed.outerBatches()),
            SourceRetention::close);
    this.gap =
        new Lazy<>(
            () -> retention(r -> new ForgettingGap(frozen, r, fixed.gap())), ForgettingGap::close);
    this.discrepancy =
        new Lazy<>(
            () -> retention(r -> new DiscrepancyMeasure(frozen, r, fixed.discrepancy())),
            DiscrepancyMeasure::close);
  }

  /**
   * The model of a job.
   *
   * @param device that of this JVM
   */
  static synchronized ExecutorModel of(Broadcast<JobModel> broadcast, Device device) {
    String application = SparkEnv.get().conf().getAppId();
    ExecutorModel model = current;
    if (model == null || !model.isOf(application, broadcast.id())) {
      model = new ExecutorModel(application, broadcast.id(), broadcast.value(), device);
      current = model;
    }
    return model;
  }

  /** Lets go of a job's model in every JVM when the job has ended. */
  public static void release(JavaSparkContext spark, Broadcast<JobModel> broadcast) {
    String application = spark.sc().applicationId();
    long id = broadcast.id();
    EveryExecutor.release(spark, "the model", () -> release(application, id));
  }

  /** Lets go of a model in this JVM, unless another one has taken its place. */
  private static synchronized void release(String application, long broadcast) {
    ExecutorModel model = current;
    if (model != null && model.isOf(application, broadcast)) {
      current = null;
      model.closeMeasures();
    }
  }

  /** Frees the buffers of the measures. A task that is late makes new ones. */
  private void closeMeasures() {
    discrepancy.close();
    gap.close();
    retention.close();
  }

  /** Whether this JVM holds a model. */
  static synchronized boolean isHeld() {
    return current != null;
  }

  private boolean isOf(String otherApplication, long otherBroadcast) {
    return broadcast == otherBroadcast && application.equals(otherApplication);
  }

  FrozenModel frozen() {
    return frozen;
  }

  /** Uses the retention measure; its probe is fitted on first use. */
  <R> R retention(Function<SourceRetention, R> use) {
    return retention.use(use);
  }

  /** Uses the forgetting gap, which uses the retention measure. */
  <R> R gap(Function<ForgettingGap, R> use) {
    return retention.use(held -> gap.use(use));
  }

  /** Uses the discrepancy between the modalities; of the retention measure it reads the probe. */
  <R> R discrepancy(Function<DiscrepancyMeasure, R> use) {
    return discrepancy.use(use);
  }
}
