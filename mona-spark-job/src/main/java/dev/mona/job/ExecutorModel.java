package dev.mona.job;

import dev.mona.averaging.EveryExecutor;
import dev.mona.learner.FrozenModel;
import dev.mona.retention.DiscrepancyMeasure;
import dev.mona.retention.ForgettingGap;
import dev.mona.retention.SourceRetention;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast model on the device of this JVM, shared by all its tasks. One job at a time is
 * kept, until {@link #release}. Broadcasts are numbered anew in each application, and a driver's
 * JVM may see several.
 */
final class ExecutorModel {
  private static @Nullable ExecutorModel current;

  private final String application;
  private final long broadcast;
  private final JobModel job;
  private final FrozenModel frozen;
  private @Nullable SourceRetention retention;
  private @Nullable ForgettingGap gap;
  private @Nullable DiscrepancyMeasure discrepancy;

  private ExecutorModel(String application, long broadcast, JobModel job) {
    this.application = application;
    this.broadcast = broadcast;
    this.job = job;
    this.frozen = FrozenModel.of(job.options(), job.weights(), job.source(), job.clusters());
  }

  static synchronized ExecutorModel of(Broadcast<JobModel> broadcast) {
    String application = SparkEnv.get().conf().getAppId();
    ExecutorModel model = current;
    if (model == null || !model.isOf(application, broadcast.id())) {
      model = new ExecutorModel(application, broadcast.id(), broadcast.value());
      current = model;
    }
    return model;
  }

  /** Lets go of a job's model in every JVM when the job has ended. */
  static void release(JavaSparkContext spark, Broadcast<JobModel> broadcast) {
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
  private synchronized void closeMeasures() {
    if (discrepancy != null) {
      discrepancy.close();
      discrepancy = null;
    }
    if (gap != null) {
      gap.close();
      gap = null;
    }
    if (retention != null) {
      retention.close();
      retention = null;
    }
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

  JobModel job() {
    return job;
  }

  /** The retention measure; its probe is fitted on first use. Callers hold this object's lock. */
  SourceRetention retention() {
    SourceRetention measure = retention;
    if (measure == null) {
      measure = new SourceRetention(frozen, job.probeTrain(), job.probeTest(), job.outerBatches());
      retention = measure;
    }
    return measure;
  }

  /** The forgetting gap. Callers hold this object's lock. */
  ForgettingGap gap() {
    ForgettingGap measure = gap;
    if (measure == null) {
      measure = new ForgettingGap(frozen, retention(), job.gapBatch());
      gap = measure;
    }
    return measure;
  }

  /** The discrepancy between the modalities. Callers hold this object's lock. */
  DiscrepancyMeasure discrepancy() {
    DiscrepancyMeasure measure = discrepancy;
    if (measure == null) {
      measure = new DiscrepancyMeasure(frozen, retention(), job.discrepancySamples());
      discrepancy = measure;
    }
    return measure;
  }
}
