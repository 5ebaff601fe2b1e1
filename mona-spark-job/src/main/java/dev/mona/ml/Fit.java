package dev.mona.ml;

import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import dev.mona.dataframe.HeldFrame;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import dev.mona.events.ScoreName;
import dev.mona.job.FinetunedModel;
import dev.mona.job.TrainingJob;
import dev.mona.job.UserListeners;
import dev.mona.job.WallClock;
import dev.mona.learner.Stage;
import dev.mona.storage.RunDirectory;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One training of an estimator: the job of {@code mona train} over a DataFrame. One at a time in a
 * JVM: each takes all workers, and what runs is shown and stopped as one run.
 *
 * @param estimator whose params it follows
 * @param frame what it trains on
 */
record Fit(MonaEstimator estimator, Dataset<Row> frame) {
  private static final Object ONE_AT_A_TIME = new Object();

  /** How a job group is told to Spark; what was told before is put back. */
  private static final List<String> GROUP =
      List.of("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel");

  TrainedContent run() {
    synchronized (ONE_AT_A_TIME) {
      SparkContext spark = frame.sparkSession().sparkContext();
      Map<String, String> before = new HashMap<>();
      GROUP.forEach(key -> before.put(key, spark.getLocalProperty(key)));
      String output = estimator.getOrDefault(estimator.output());
      try (TemporaryFolder temporary = new TemporaryFolder()) {
        return run(output.isEmpty() ? temporary.location() : output);
      } finally {
        before.forEach(spark::setLocalProperty);
      }
    }
  }

  private TrainedContent run(String directory) {
    WallClock clock = WallClock.start();
    TaskKind kind =
        HeldFrame.kind(frame.schema(), estimator.frameNames(), estimator.frameOptions());
    MonaConfig config = FitConfig.of(estimator, kind, directory);
    EpochHistory history = new EpochHistory();
    try (RunListener users = UserListeners.open(config.listeners(), history);
        HeldFrame held =
            HeldFrame.of(
                frame, estimator.frameNames(), estimator.frameOptions(), config.task().name())) {
      RunEnded ended =
          new TrainingJob(
                  frame.sparkSession(),
                  config,
                  (spark, its) -> held.data(),
                  RunListeners.of(history, users),
                  clock)
              .run();
      TaskSpec task = held.data().taskSpec(config.task().loss().options(kind));
      return new TrainedContent(model(ended, config, task), history.summary(ended));
    }
  }

  private FinetunedModel model(RunEnded ended, MonaConfig config, TaskSpec task) {
    if (ended.diverged() && Double.isNaN(ended.scores().of(ScoreName.Measure.TRAINING_MINUTES))) {
      throw MonaException.configuration(
          "the training diverged before an epoch of finetuning was scored: lower %s, %s or %s"
              .formatted(
                  estimator.learningRate(Stage.WARMUP).name(),
                  estimator.learningRate(Stage.ALIGNMENT).name(),
                  estimator.learningRate(Stage.FINETUNING).name()));
    }
    Configuration hadoop = frame.sparkSession().sparkContext().hadoopConfiguration();
    try (RunDirectory run = RunDirectory.open(ended.directory(), hadoop)) {
      return FinetunedModel.read(run, config, task, hadoop);
    }
  }
}
