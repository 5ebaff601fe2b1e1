package dev.mona.ml;

import dev.mona.dataframe.HeldFrame;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What {@link MonaEstimator} trains: adds a prediction to each row, on the executors, and where
 * there are classes or labels their probabilities.
 */
public final class MonaModel extends Model<MonaModel>
    implements HasMonaParams<MonaModel>, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final transient TrainedContent content;
  private final MonaParams declared;

  MonaModel(String uid, TrainedContent content) {
    this.uid = uid;
    this.content = content;
    this.declared = new MonaParams(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public MonaParams declared() {
    return declared;
  }

  @Override
  public Param<?>[] params() {
    return declared.all();
  }

  /** How it was trained. */
  public MonaSummary summary() {
    return content.summary();
  }

  /** What it predicts. */
  public TaskKind kind() {
    return task().kind();
  }

  /** Shape of a sample. */
  public SampleShape sampleShape() {
    return task().shape();
  }

  /** Number of classes or labels, or values at each point of a field. */
  public int outputs() {
    return task().outputs();
  }

  private TaskSpec task() {
    return content.model().task();
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    int column = dataset.schema().fieldIndex(getOrDefault(featuresCol()));
    RowPrediction prediction =
        new RowPrediction(
            content.sent(dataset.sparkSession().sparkContext()),
            new RowFeatures(column, sampleShape()),
            OutputColumns.of(this, kind()));
    return dataset.toDF().mapPartitions(prediction, Encoders.row(schema));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    HeldFrame.checkFeatures(schema, getOrDefault(featuresCol()), INPUT);
    return OutputColumns.of(this, kind()).after(schema);
  }

  @Override
  public MonaModel copy(ParamMap extra) {
    return copyValues(new MonaModel(uid, content), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new MonaModelWriter(this, content);
  }

  /** Reads models. */
  public static MLReader<MonaModel> read() {
    return new MonaModelReader();
  }

  /** Reads a model that was saved. */
  public static MonaModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "MonaModel: uid=" + uid + ", kind=" + kind() + ", sample=" + sampleShape();
  }
}
