package dev.mona.job;

import dev.mona.learner.FrozenModel;
import dev.mona.retention.ForgettingGap;
import dev.mona.retention.SourceRetention;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast model on the device of this JVM, shared by all its tasks. One job at a time is
 * kept. Broadcasts are numbered anew in each application, and a driver's JVM may see several.
 */
final class ExecutorModel {
  private static @Nullable ExecutorModel current;

  private final String application;
  private final long broadcast;
  private final JobModel job;
  private final FrozenModel frozen;
  private @Nullable SourceRetention retention;
  private @Nullable ForgettingGap gap;

  private ExecutorModel(String application, long broadcast, JobModel job) {
    this.application = application;
    this.broadcast = broadcast;
    this.job = job;
    this.frozen = FrozenModel.of(job.options(), job.weights(), job.texts());
  }

  static synchronized ExecutorModel of(Broadcast<JobModel> broadcast) {
    String application = SparkEnv.get().conf().getAppId();
    ExecutorModel model = current;
    if (model == null
        || model.broadcast != broadcast.id()
        || !model.application.equals(application)) {
      model = new ExecutorModel(application, broadcast.id(), broadcast.value());
      current = model;
    }
    return model;
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
}
