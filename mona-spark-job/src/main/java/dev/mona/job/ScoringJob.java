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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Scores a finished run's model on a split of a data set. */
public final class ScoringJob {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("label", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("prediction", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("logits", DataTypes.createArrayType(DataTypes.FloatType, false), false);

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
   * Writes predictions as Parquet: {@code id}, {@code label}, {@code prediction} (a class, 0 and 1
   * for each label, or a field) and {@code logits}.
   *
   * @return number of samples
   */
  public long predict(String output) {
    OutputDirectory.requireFree(output, session.sparkContext().hadoopConfiguration());
    return scored(
        (scorer, blocks, inputs) -> {
          TaskSpec task = inputs.options().task();
          JavaRDD<Row> rows = scorer.logits(blocks).flatMap(block -> rows(block, task).iterator());
          session.createDataFrame(rows, SCHEMA).write().parquet(Location.of(output).toString());
          return (long) inputs.splits().size(split);
        });
  }

  private static List<Row> rows(Scorer.ScoredBlock scored, TaskSpec task) {
    SampleBlock block = scored.block();
    int labels = task.labelLength();
    int outputs = task.predictionLength();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      List<Float> logits = list(scored.logits(), i * outputs, outputs);
      rows.add(
          RowFactory.create(
              block.ids()[i],
              list(block.labels(), i * labels, labels).toArray(),
              prediction(task, logits).toArray(),
              logits.toArray()));
    }
    return rows;
  }

  private static List<Float> prediction(TaskSpec task, List<Float> logits) {
    return switch (task.kind()) {
      case CLASSIFICATION -> {
        int best = 0;
        for (int k = 1; k < logits.size(); k++) {
          best = logits.get(k) > logits.get(best) ? k : best;
        }
        yield List.of((float) best);
      }
      case DENSE -> logits;
      case MULTI_LABEL -> logits.stream().map(z -> z > 0 ? 1f : 0f).toList();
    };
  }

  private static List<Float> list(float[] values, int from, int length) {
    List<Float> list = new ArrayList<>(length);
    for (int i = from; i < from + length; i++) {
      list.add(values[i]);
    }
    return list;
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
