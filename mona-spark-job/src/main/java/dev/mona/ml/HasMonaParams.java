package dev.mona.ml;

import dev.mona.dataframe.FrameNames;
import dev.mona.dataframe.FrameOptions;
import dev.mona.learner.Stage;
import java.util.Optional;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params that estimator and model share, and how those are set that both need; {@link
 * #explainParams} says what each means.
 *
 * @param <S> the estimator or the model itself
 */
public sealed interface HasMonaParams<S extends HasMonaParams<S>> extends Params
    permits MonaEstimator, MonaModel {
  /** What messages call rows that are in no file. */
  String INPUT = "the DataFrame";

  /** Params as messages call them. */
  FrameOptions.Words WORDS = new FrameOptions.Words("inputShape", "dense");

  /** The params themselves. */
  MonaParams declared();

  default Param<String> method() {
    return declared().method;
  }

  default Param<String> backbone() {
    return declared().backbone;
  }

  default Param<String> source() {
    return declared().source;
  }

  default IntParam epochs(Stage stage) {
    return declared().of(stage).epochs();
  }

  default DoubleParam learningRate(Stage stage) {
    return declared().of(stage).learningRate();
  }

  default IntParam batchSize(Stage stage) {
    return declared().of(stage).batchSize();
  }

  default Param<String> featuresCol() {
    return declared().featuresCol;
  }

  default Param<String> labelCol() {
    return declared().labelCol;
  }

  default Param<String> predictionCol() {
    return declared().predictionCol;
  }

  default Param<String> probabilityCol() {
    return declared().probabilityCol;
  }

  default Param<String> idCol() {
    return declared().idCol;
  }

  default Param<String> splitCol() {
    return declared().splitCol;
  }

  default Param<String> inputShape() {
    return declared().inputShape;
  }

  default BooleanParam dense() {
    return declared().dense;
  }

  default LongParam seed() {
    return declared().seed;
  }

  default IntParam workers() {
    return declared().workers;
  }

  default Param<String> engine() {
    return declared().engine;
  }

  default Param<String> config() {
    return declared().config;
  }

  default Param<String> output() {
    return declared().output;
  }

  /** Sets {@link #featuresCol}. */
  default S setFeaturesCol(String name) {
    return with(featuresCol(), name);
  }

  /** Sets {@link #predictionCol}. */
  default S setPredictionCol(String name) {
    return with(predictionCol(), name);
  }

  /** Sets {@link #probabilityCol}. */
  default S setProbabilityCol(String name) {
    return with(probabilityCol(), name);
  }

  @SuppressWarnings("unchecked")
  private S with(Param<String> param, String value) {
    set(param, value);
    return (S) this;
  }

  /** How messages and checks see a DataFrame under these params. */
  default FrameOptions frameOptions() {
    String shape = getOrDefault(inputShape());
    return new FrameOptions(
        INPUT,
        shape.isEmpty() ? Optional.empty() : Optional.of(FrameOptions.shape(shape, WORDS)),
        (Boolean) getOrDefault(dense()),
        Optional.empty(),
        WORDS);
  }

  /** What the columns of a DataFrame to train on are called. */
  default FrameNames frameNames() {
    return new FrameNames(
        getOrDefault(featuresCol()),
        getOrDefault(labelCol()),
        Optional.of(getOrDefault(idCol())).filter(name -> !name.isEmpty()),
        Optional.of(getOrDefault(splitCol())).filter(name -> !name.isEmpty()));
  }
}
