package dev.mona.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.example.LocalSpark;
import dev.mona.learner.Stage;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.MultilabelClassificationEvaluator;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimator among those of Spark ML, on a small encoder. */
class MonaEstimatorIT {
  private static SparkSession spark;
  private static Waves waves;
  private static Dataset<Row> train;
  private static Dataset<Row> test;
  private static MonaModel model;

  @TempDir private Path directory;

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    waves = Waves.write(spark, root);
    train = waves.rows(48, 1).cache();
    test = waves.rows(30, 2).cache();
    model = waves.estimator().fit(train);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<Row> predictions(MonaModel of, Dataset<Row> rows) {
    return of.transform(rows).sort("id").select("prediction", "probability").collectAsList();
  }

  private static double accuracy(Dataset<Row> predicted) {
    return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
  }

  @Test
  void learnsAndAddsPredictionsToAllColumns() {
    Dataset<Row> predicted = model.transform(test);
    assertThat(predicted.columns())
        .containsExactly(
            "id", "wave", "label", "features", "both", "field", "prediction", "probability");
    assertThat(predicted.schema()).isEqualTo(model.transformSchema(test.schema()));
    assertThat(predicted.select("id", "wave").collectAsList())
        .isEqualTo(test.select("id", "wave").collectAsList());
    assertThat(accuracy(predicted)).isGreaterThan(0.7);
    for (Row row : predictions(model, test)) {
      double[] p = ((Vector) row.get(1)).toArray();
      assertThat(p[0] + p[1] + p[2]).isCloseTo(1, within(1e-12));
      int best = (int) row.getDouble(0);
      assertThat(p[best]).isGreaterThanOrEqualTo(Math.max(p[0], Math.max(p[1], p[2])));
    }
    assertThat(model.kind()).isEqualTo(TaskKind.CLASSIFICATION);
    assertThat(model.outputs()).isEqualTo(3);
    assertThat(model.parent()).isInstanceOf(MonaEstimator.class);
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws IOException {
    String page = Files.readString(Path.of("../docs/spark-ml.md"));
    String source = Files.readString(Path.of("src/test/java/dev/mona/ml/WavePipeline.java"));
    assertThat(page).contains("```java\n" + source.substring(source.indexOf("import ")) + "```\n");
    PipelineModel trained = WavePipeline.train(train.drop("label"), waves.settings());
    assertThat(WavePipeline.accuracy(trained, test.drop("label"))).isGreaterThan(0.7);
    String path = directory.resolve("pipeline").toString();
    trained.write().save(path);
    Dataset<Row> unknown = test.drop("label");
    assertThat(
            PipelineModel.load(path).transform(unknown).select("id", "prediction").collectAsList())
        .isEqualTo(trained.transform(unknown).select("id", "prediction").collectAsList());
  }

  @Test
  void aSavedModelPredictsTheSameToTheLastBit() throws IOException {
    String path = directory.resolve("model").toString();
    model.write().save(path);
    MonaModel loaded = MonaModel.load(path);
    assertThat(predictions(loaded, test)).isEqualTo(predictions(model, test));
    assertThat(loaded.summary()).isEqualTo(model.summary());
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.getOrDefault(loaded.idCol())).isEqualTo("id");
    assertThatThrownBy(() -> model.write().save(path)).hasMessageContaining("already exists");
    model.write().overwrite().save(path);
    try (Stream<Path> files = Files.walk(directory.resolve("model/model"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> directory.resolve("model/model").relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "config.conf",
              "task.json",
              "summary.json",
              "finetuned/config.json",
              "finetuned/manifest.json",
              "finetuned/model.safetensors");
    }
  }

  @Test
  void aSavedEstimatorTrainsTheSame() throws IOException {
    String path = directory.resolve("estimator").toString();
    waves.estimator().setEpochs(Stage.FINETUNING, 1).save(path);
    MonaEstimator loaded = MonaEstimator.load(path);
    assertThat(loaded.isSet(loaded.epochs(Stage.FINETUNING))).isTrue();
    assertThat(loaded.isSet(loaded.epochs(Stage.WARMUP))).isFalse();
    loaded.clear(loaded.epochs(Stage.FINETUNING));
    assertThat(predictions(loaded.fit(train), test)).isEqualTo(predictions(model, test));
  }

  @Test
  void vectorsAndArraysAgree() {
    Dataset<Row> dense =
        train.withColumn("features", functions.array_to_vector(train.col("features")));
    Dataset<Row> tested =
        test.withColumn("features", functions.array_to_vector(test.col("features")));
    assertThat(predictions(waves.estimator().fit(dense), tested))
        .isEqualTo(predictions(model, test));
  }

  /** Ids decide, not the order or the partitions of the rows. */
  @Test
  void theOrderOfRowsWithIdsDoesNotMatter() {
    Dataset<Row> mixed = train.repartition(3).sort("features");
    assertThat(predictions(waves.estimator().fit(mixed), test)).isEqualTo(predictions(model, test));
  }

  @Test
  void theHistoryHasEveryEpochAndTheTemporaryFolderIsGone() throws IOException {
    MonaSummary summary = model.summary();
    assertThat(summary.stopReason()).isEqualTo("COMPLETED");
    assertThat(summary.epochs().stream().map(MonaSummary.Epoch::stage))
        .containsExactly(
            "warmup",
            "alignment",
            "finetuning",
            "finetuning",
            "finetuning",
            "finetuning",
            "finetuning",
            "finetuning");
    double[] losses = summary.history(Stage.FINETUNING, "loss");
    assertThat(losses).hasSize(6).doesNotContain(Double.NaN);
    assertThat(losses[5]).isLessThan(losses[0]);
    assertThat(summary.history(Stage.WARMUP, "validation_error")).hasSize(1);
    assertThat(summary.scores()).doesNotContainKey("test_error_rate");
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("mona-")))
          .noneMatch(
              path -> {
                try (Stream<Path> inside = Files.list(path)) {
                  return inside.anyMatch(run -> run.toString().contains("dataframe-mona-3"));
                } catch (IOException e) {
                  return false;
                }
              });
    }
  }

  @Test
  void crossValidatorChoosesTheSettingThatLearns() {
    MonaEstimator estimator =
        waves.estimator().setEpochs(Stage.WARMUP, 0).setEpochs(Stage.ALIGNMENT, 0);
    ParamMap[] settings =
        new ParamGridBuilder()
            .addGrid(estimator.learningRate(Stage.FINETUNING), new double[] {1e-9, 1e-2})
            .build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(settings)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .setSeed(1)
            .setParallelism(2)
            .fit(train);
    assertThat(chosen.avgMetrics()).hasSize(2);
    assertThat(chosen.avgMetrics()[1]).isGreaterThan(chosen.avgMetrics()[0]);
    MonaModel best = (MonaModel) chosen.bestModel();
    assertThat(best.getOrDefault(best.learningRate(Stage.FINETUNING))).isEqualTo(1e-2);
    assertThat(accuracy(chosen.transform(test))).isGreaterThan(0.6);
  }

  @Test
  void trainValidationSplitScoresEachSetting() {
    MonaEstimator estimator = waves.estimator().setEpochs(Stage.FINETUNING, 1);
    TrainValidationSplitModel chosen =
        new TrainValidationSplit()
            .setEstimator(estimator)
            .setEstimatorParamMaps(
                new ParamMap[] {new ParamMap().put(estimator.method().w("finetune"))})
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setTrainRatio(0.6)
            .setSeed(1)
            .fit(train);
    assertThat(chosen.validationMetrics()).hasSize(1);
    MonaModel best = (MonaModel) chosen.bestModel();
    assertThat(best.summary().epochs().stream().map(MonaSummary.Epoch::stage))
        .containsExactly("finetuning", "finetuning", "finetuning");
  }

  @Test
  void fieldsArePredictedInTheirUnits() throws IOException {
    MonaModel dense =
        waves
            .estimator()
            .setLabelCol("field")
            .setDense(true)
            .setPredictionCol("predicted")
            .fit(train);
    assertThat(dense.kind()).isEqualTo(TaskKind.DENSE);
    Dataset<Row> predicted = dense.transform(test);
    assertThat(predicted.columns()).contains("predicted").doesNotContain("probability");
    double squares = 0;
    double all = 0;
    for (Row row : predicted.select("field", "predicted").collectAsList()) {
      List<Float> label = row.getList(0);
      List<Float> found = row.getList(1);
      assertThat(found).hasSize(12);
      for (int k = 0; k < 12; k++) {
        squares += Math.pow(label.get(k) - found.get(k), 2);
        all += Math.pow(label.get(k), 2);
      }
    }
    assertThat(Math.sqrt(squares / all)).isLessThan(0.3);
    String path = directory.resolve("dense").toString();
    dense.write().save(path);
    assertThat(MonaModel.load(path).transform(test).select("predicted").collectAsList())
        .isEqualTo(predicted.select("predicted").collectAsList());
  }

  /** The one that comes with the job: 22 million parameters there and back. */
  @Test
  void theBundledEncoderTrains() throws IOException {
    MonaModel real =
        waves
            .estimator()
            .setBackbone("minilm")
            .setMethod("finetune")
            .setEpochs(Stage.WARMUP, 0)
            .setEpochs(Stage.ALIGNMENT, 0)
            .setEpochs(Stage.FINETUNING, 1)
            .setLearningRate(Stage.FINETUNING, 1e-4)
            .fit(train.where("id > 988"));
    String path = directory.resolve("minilm").toString();
    real.write().save(path);
    assertThat(directory.resolve("minilm/model/finetuned/model.safetensors").toFile().length())
        .isGreaterThan(80 << 20);
    assertThat(predictions(MonaModel.load(path), test)).isEqualTo(predictions(real, test));
  }

  @Test
  void labelsThatHoldAreNumbersAsTheEvaluatorWantsThem() {
    MonaModel labels = waves.estimator().setLabelCol("both").fit(train);
    assertThat(labels.kind()).isEqualTo(TaskKind.MULTI_LABEL);
    int right = 0;
    for (Row row :
        labels.transform(test).select("prediction", "probability", "label").collectAsList()) {
      double[] p = ((Vector) row.get(1)).toArray();
      List<Double> decided = row.getList(0);
      assertThat(decided)
          .isEqualTo(
              IntStream.range(0, 2).filter(k -> p[k] > 0.5).mapToObj(k -> (double) k).toList());
      right += decided.equals(List.of(row.getInt(2) == 0 ? 0.0 : 1.0)) ? 1 : 0;
    }
    Dataset<Row> numbered =
        labels
            .transform(test)
            .selectExpr(
                "prediction",
                "cast(filter(sequence(0, size(both) - 1), k -> both[k] = 1) as array<double>) label");
    MultilabelClassificationEvaluator evaluator =
        new MultilabelClassificationEvaluator().setMetricName("subsetAccuracy");
    assertThat(evaluator.evaluate(numbered)).isEqualTo(right / 30.0);
    assertThat(right).isGreaterThan(15);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing | label | the DataFrame has no column nothing: it needs one, an array of numbers or a vector of Spark ML
          wave | label | the DataFrame has the column wave of type string: it must be an array of numbers or a vector of Spark ML, cast it
          features | wave | the DataFrame has the column wave of type string: it must be a number or an array of numbers, cast it
          field | label | row 0 of the DataFrame has 12 features and inputShape 24: mend it or leave the row out
          """)
  void columnsThatDoNotFitAreOneSentence(String features, String label, String sentence) {
    MonaEstimator estimator = waves.estimator().setFeaturesCol(features).setLabelCol(label);
    assertThatThrownBy(() -> estimator.fit(train))
        .isInstanceOf(MonaException.class)
        .hasMessage(sentence);
  }

  @Test
  void rowsThatDoNotFitAreOneSentence() {
    assertThatThrownBy(
            () -> waves.estimator().fit(train.selectExpr("0 as id", "features", "label")))
        .hasMessage(
            "the sample id 0 occurs twice in the DataFrame: give each sample an id of its own, or"
                + " drop the column");
    assertThatThrownBy(() -> waves.estimator().setDense(true).fit(train))
        .hasMessage(
            "dense is for labels that are fields and those of the DataFrame are numbers: leave it"
                + " out, or make them arrays");
    assertThatThrownBy(() -> waves.estimator().setConfig("warmup.epoch = 3").fit(train))
        .hasMessageContaining("unknown key warmup.epoch (the param config");
    assertThatThrownBy(() -> model.transform(test.withColumn("prediction", test.col("label"))))
        .hasMessage(
            "the DataFrame has a column prediction already: drop it, or name another for"
                + " predictionCol or probabilityCol");
    Dataset<Row> shorter = test.selectExpr("id", "slice(features, 1, 3) as features");
    assertThatThrownBy(() -> model.transform(shorter).collectAsList())
        .hasStackTraceContaining(
            "a row of the DataFrame has 3 features, where there must be 24 finite ones (2 x 12):"
                + " mend it or leave the row out");
  }

  @Test
  void paramsAreCheckedAndExplained() {
    MonaEstimator estimator = new MonaEstimator();
    assertThatThrownBy(() -> estimator.setEpochs(Stage.WARMUP, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> estimator.setMethod("none"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> estimator.setInputShape("3 x 4"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(estimator.explainParams())
        .contains("finetuningEpochs: Epochs of finetuning over the training samples; 0 skips it")
        .contains("(default: 8)");
    MonaEstimator copy = estimator.copy(new ParamMap().put(estimator.epochs(Stage.WARMUP).w(7)));
    assertThat(copy.getOrDefault(copy.epochs(Stage.WARMUP))).isEqualTo(7);
    assertThat(estimator.isSet(estimator.epochs(Stage.WARMUP))).isFalse();
    assertThat(copy.uid()).isEqualTo(estimator.uid());
  }
}
