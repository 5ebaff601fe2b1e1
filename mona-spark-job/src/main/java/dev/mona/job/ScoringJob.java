package dev.mona.job;

import dev.mona.config.MonaConfig;
import dev.mona.data.Split;
import dev.mona.executor.BroadcastLearners;
import dev.mona.executor.ExecutorModel;
import dev.mona.inputs.JobInputs;
import dev.mona.inputs.JobModel;
import dev.mona.learner.Stage;
import dev.mona.metric.MetricKind;
import dev.mona.rounds.Scorer;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskSpec;
import dev.mona.training.ModelParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Scores a finished run's model on a split of a data set. */
public final class ScoringJob {
  private final SparkSession session;
  private final JavaSparkContext spark;
  private final MonaConfig config;
  private final String directory;
  private final Split split;

  /**
   * A job over one run.
   *
   * @param directory the run's directory
   * @param config its configuration; {@code task.data} names what is scored
   * @param split which samples of that set
   */
  public ScoringJob(SparkSession session, String directory, MonaConfig config, Split split) {
    this.session = session;
    this.spark = new JavaSparkContext(session.sparkContext());
    this.directory = directory;
    this.config = config;
    this.split = split;
  }

  /** Every metric that fits the task, by name. */
  public Map<String, Double> evaluate() {
    return scored(
        (scorer, blocks, inputs) -> {
          TaskSpec task = inputs.options().task();
          Map<String, Double> scores = new LinkedHashMap<>();
          for (MetricKind kind : MetricKind.fitting(task)) {
            scores.put(kind.id(), scorer.score(blocks, kind.of(task)));
          }
          return scores;
        });
  }

  /**
   * Writes predictions as Parquet, in the columns of {@link PredictionRows}.
   *
   * @return number of samples
   */
  public long predict(String output) {
    OutputDirectory.requireFree(output, session.sparkContext().hadoopConfiguration());
    return scored(
        (scorer, blocks, inputs) -> {
          PredictionRows predictions = new PredictionRows(inputs.options().task());
          JavaRDD<Row> rows = scorer.logits(blocks).flatMap(predictions);
          session
              .createDataFrame(rows, predictions.schema())
              .write()
              .parquet(Location.of(output).toString());
          return (long) inputs.splits().size(split);
        });
  }

  /** What is done with the scorer. */
  private interface Work<T> {
    T with(Scorer scorer, JavaRDD<SampleBlock> blocks, JobInputs inputs);
  }

  private <T> T scored(Work<T> work) {
    DeviceRequirement device = new DeviceRequirement(config.run().resources().device());
    JobInputs inputs;
    ModelParameters parameters;
    try (RunDirectory run =
        RunDirectory.open(directory, session.sparkContext().hadoopConfiguration())) {
      TrainedModel.requireFinetuned(run);
      device.onDriver();
      inputs = JobInputs.openToScore(session, config);
      inputs.requireSamples(split);
      parameters = TrainedModel.read(run, inputs.network());
      inputs = inputs.with(TrainedModel.scale(run, inputs.options().task().outputs()));
    }
    device.onExecutors(spark, inputs.partitions());
    Broadcast<JobModel> model = spark.broadcast(inputs.model());
    float[] flat = parameters.flat(Stage.FINETUNING.trained());
    try (Scorer scorer = new Scorer(spark, new BroadcastLearners(model), flat)) {
      return work.with(scorer, inputs.splits().samples(split, inputs.partitions()), inputs);
    } finally {
      model.destroy();
      ExecutorModel.release(spark, model);
    }
  }
}
