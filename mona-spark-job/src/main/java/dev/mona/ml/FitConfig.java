package dev.mona.ml;

import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.learner.Stage;
import dev.mona.metric.MetricKind;
import dev.mona.task.TaskKind;
import org.apache.spark.ml.param.Param;

/**
 * The configuration of a fit: params that are set, then the param {@code config}, then what goes
 * with the labels, then the defaults.
 */
final class FitConfig {
  /** The source that comes with the job. */
  static final String WORDNET = "wordnet";

  /** Name of the task where the configuration names none, and in place of files. */
  private static final String FRAME = "dataframe";

  private FitConfig() {}

  /**
   * The configuration.
   *
   * @param kind what the labels are
   * @param directory that holds the run's directory
   */
  static MonaConfig of(MonaEstimator estimator, TaskKind kind, String directory) {
    ConfigLayers layers = assumed(ConfigLayers.start(), "metric = " + metric(kind).id());
    layers.text("the param config", estimator.getOrDefault(estimator.config()));
    set(layers, estimator, estimator.method(), "method");
    set(layers, estimator, estimator.backbone(), "backbone.weights");
    if (estimator.isSet(estimator.source())) {
      String source = estimator.getOrDefault(estimator.source());
      boolean texts = source.equals(WORDNET);
      layers.set("source.kind=" + (texts ? WORDNET : "parquet"));
      layers.set("source.path=" + (texts ? "" : source));
    }
    for (Stage stage : Stage.values()) {
      set(layers, estimator, estimator.epochs(stage), stage.id() + ".epochs");
      set(
          layers,
          estimator,
          estimator.learningRate(stage),
          stage.id() + ".optimizer.learning-rate");
      set(layers, estimator, estimator.batchSize(stage), stage.id() + ".batch-size");
    }
    set(layers, estimator, estimator.seed(), "run.seed");
    set(layers, estimator, estimator.workers(), "run.partitions");
    set(layers, estimator, estimator.engine(), "run.engine");
    return layers
        .set("task.data=" + FRAME)
        .set("run.output=" + directory)
        .set("run.id=")
        .set("run.resume=false")
        .load();
  }

  /** What is assumed where nobody says otherwise. */
  static ConfigLayers assumed(ConfigLayers layers, String more) {
    return layers.task(
        "the estimator", "task { name = " + FRAME + ", data = " + FRAME + "\n" + more + " }");
  }

  private static MetricKind metric(TaskKind kind) {
    return switch (kind) {
      case CLASSIFICATION, MULTI_LABEL -> MetricKind.ERROR_RATE;
      case DENSE -> MetricKind.RELATIVE_L2;
    };
  }

  private static void set(
      ConfigLayers layers, MonaEstimator estimator, Param<?> param, String key) {
    if (estimator.isSet(param)) {
      layers.set(key + "=" + estimator.getOrDefault(param));
    }
  }
}
