package dev.mona.ml;

import dev.mona.dataframe.HeldFrame;
import dev.mona.learner.Stage;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains on a DataFrame as {@code mona train} does on files: the same rows with the same ids, seed
 * and workers give the same bytes. {@link #explainParams} says what can be set.
 */
public final class MonaEstimator extends Estimator<MonaModel>
    implements HasMonaParams<MonaEstimator>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final MonaParams declared;

  public MonaEstimator() {
    this(Identifiable$.MODULE$.randomUID("mona"));
  }

  /** An estimator of a known uid, as Spark ML makes copies. */
  public MonaEstimator(String uid) {
    this.uid = uid;
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

  /** Sets {@link #method}. */
  public MonaEstimator setMethod(String id) {
    return with(method(), id);
  }

  /** Sets {@link #backbone}. */
  public MonaEstimator setBackbone(String weights) {
    return with(backbone(), weights);
  }

  /** Sets {@link #source}. */
  public MonaEstimator setSource(String samples) {
    return with(source(), samples);
  }

  /** Sets {@link #epochs} of a stage. */
  public MonaEstimator setEpochs(Stage stage, int value) {
    return with(epochs(stage), value);
  }

  /** Sets {@link #learningRate} of a stage. */
  public MonaEstimator setLearningRate(Stage stage, double value) {
    return with(learningRate(stage), value);
  }

  /** Sets {@link #batchSize} of a stage. */
  public MonaEstimator setBatchSize(Stage stage, int value) {
    return with(batchSize(stage), value);
  }

  /** Sets {@link #labelCol}. */
  public MonaEstimator setLabelCol(String name) {
    return with(labelCol(), name);
  }

  /** Sets {@link #idCol}. */
  public MonaEstimator setIdCol(String name) {
    return with(idCol(), name);
  }

  /** Sets {@link #splitCol}. */
  public MonaEstimator setSplitCol(String name) {
    return with(splitCol(), name);
  }

  /** Sets {@link #inputShape}. */
  public MonaEstimator setInputShape(String shape) {
    return with(inputShape(), shape);
  }

  /** Sets {@link #dense}. */
  public MonaEstimator setDense(boolean value) {
    return with(dense(), value);
  }

  /** Sets {@link #seed}. */
  public MonaEstimator setSeed(long value) {
    return with(seed(), value);
  }

  /** Sets {@link #workers}. */
  public MonaEstimator setWorkers(int value) {
    return with(workers(), value);
  }

  /** Sets {@link #engine}. */
  public MonaEstimator setEngine(String id) {
    return with(engine(), id);
  }

  /** Sets {@link #config}. */
  public MonaEstimator setConfig(String hocon) {
    return with(config(), hocon);
  }

  /** Sets {@link #output}. */
  public MonaEstimator setOutput(String directory) {
    return with(output(), directory);
  }

  private <T> MonaEstimator with(Param<T> param, T value) {
    set(param, value);
    return this;
  }

  /**
   * Trains.
   *
   * @throws dev.mona.MonaException if a column, a row, a setting or an input is refused, or the
   *     training diverged
   */
  @Override
  public MonaModel fit(Dataset<?> dataset) {
    StructType unused = transformSchema(dataset.schema());
    TrainedContent content = new Fit(this, dataset.toDF()).run();
    return copyValues(new MonaModel(uid, content), ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return OutputColumns.of(this, HeldFrame.kind(schema, frameNames(), frameOptions()))
        .after(schema);
  }

  @Override
  public MonaEstimator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads estimators. */
  public static MLReader<MonaEstimator> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads an estimator that was saved. */
  public static MonaEstimator load(String path) {
    return read().load(path);
  }
}
