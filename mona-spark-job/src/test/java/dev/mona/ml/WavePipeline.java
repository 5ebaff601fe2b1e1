package dev.mona.ml;

import dev.mona.learner.Stage;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Learns names of waves: two channels of twelve values each, in the array column "features". */
final class WavePipeline {
  /** Trains on rows with the columns id, wave and features. */
  static PipelineModel train(Dataset<Row> rows, String settings) {
    StringIndexer numbers = new StringIndexer().setInputCol("wave").setOutputCol("label");
    MonaEstimator mona =
        new MonaEstimator()
            .setInputShape("2x12")
            .setIdCol("id")
            .setWorkers(2)
            .setSeed(3)
            .setEpochs(Stage.FINETUNING, 4)
            .setConfig(settings);
    return new Pipeline().setStages(new PipelineStage[] {numbers, mona}).fit(rows);
  }

  /** The part of other rows whose wave is told right. */
  static double accuracy(PipelineModel model, Dataset<Row> rows) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(model.transform(rows));
  }

  private WavePipeline() {}
}
