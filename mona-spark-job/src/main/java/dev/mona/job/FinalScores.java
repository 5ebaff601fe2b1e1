package dev.mona.job;

import dev.mona.config.MonaConfig;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.executor.BroadcastLearners;
import dev.mona.executor.RetentionMonitor;
import dev.mona.inputs.JobInputs;
import dev.mona.learner.Stage;
import dev.mona.metric.Confusion;
import dev.mona.metric.Metric;
import dev.mona.report.EmbeddingsJson;
import dev.mona.retention.RetentionChange;
import dev.mona.rounds.Scorer;
import dev.mona.spark.Alongside;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.training.ModelParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The scores of a trained model, each taken alongside the others.
 *
 * @param spark where to run
 * @param run holds the aligned embedder
 * @param inputs what the model was trained on
 * @param monitor measures retention and discrepancy
 * @param kept keeps what is learnt beside the scores to be looked at
 */
record FinalScores(
    JavaSparkContext spark,
    RunDirectory run,
    JobInputs inputs,
    RetentionMonitor monitor,
    KeptForReport kept) {

  /**
   * Scores by name, in display order.
   *
   * @param initial the model before the first step
   */
  Map<ScoreName, Double> of(ModelParameters initial, ModelParameters trained) {
    MonaConfig config = inputs.config();
    boolean retention = config.evaluation().retention();
    boolean discrepancy = retention && config.evaluation().discrepancySamples() > 0;
    try (Alongside<Map<ScoreName, Double>> kept =
            Alongside.begin(
                "retention", () -> retention ? retention(trained) : Map.<ScoreName, Double>of());
        Alongside<Map<ScoreName, Double>> apart =
            Alongside.begin(
                "discrepancy",
                () -> discrepancy ? discrepancy(initial, trained) : Map.<ScoreName, Double>of())) {
      Map<ScoreName, Double> scores = new LinkedHashMap<>();
      if (inputs.splits().testSize() > 0) {
        scores.put(new ScoreName.Test(config.task().metric()), test(trained));
      }
      scores.putAll(kept.join());
      scores.putAll(apart.join());
      return scores;
    }
  }

  private double test(ModelParameters trained) {
    Metric metric = inputs.config().task().metric().of(inputs.options().task());
    float[] flat = trained.flat(Stage.FINETUNING.trained());
    try (Scorer scorer = new Scorer(spark, new BroadcastLearners(monitor.model()), flat)) {
      JavaRDD<SampleBlock> blocks = inputs.splits().test(inputs.partitions());
      Optional<Confusion> confusion = kept.confusion();
      if (confusion.isPresent()) {
        Scorer.Counted counted = scorer.score(blocks, metric, confusion.get());
        kept.decisions(counted.rows());
        return counted.score();
      }
      double score = scorer.score(blocks, metric);
      kept.fields(spark, scorer);
      return score;
    }
  }

  private Map<ScoreName, Double> retention(ModelParameters trained) {
    RetentionChange change = monitor.change(trained.of(ParameterGroup.ENCODER));
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    scores.put(Measure.PROBE_ERROR_PRETRAINED, change.before().probeError());
    scores.put(Measure.PROBE_ERROR, change.after().probeError());
    scores.put(Measure.PROBE_ERROR_REFITTED, change.refittedProbeError());
    scores.put(Measure.OUTER_LOSS_PRETRAINED, change.before().outerLoss());
    scores.put(Measure.OUTER_LOSS, change.after().outerLoss());
    scores.put(Measure.DAVIES_BOULDIN_PRETRAINED, change.before().daviesBouldin());
    scores.put(Measure.DAVIES_BOULDIN, change.after().daviesBouldin());
    return scores;
  }

  /** Of the embedder before the first step, as it was aligned, and as it is at the end. */
  private Map<ScoreName, Double> discrepancy(ModelParameters initial, ModelParameters trained) {
    Map<Measure, float[]> embedders = new LinkedHashMap<>();
    embedders.put(Measure.DISCREPANCY_INITIAL, initial.of(ParameterGroup.EMBEDDER));
    TrainedModel.readAligned(run, inputs.network())
        .ifPresent(aligned -> embedders.put(Measure.DISCREPANCY_ALIGNED, aligned));
    embedders.put(Measure.DISCREPANCY, trained.of(ParameterGroup.EMBEDDER));
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    embedders.forEach(
        (name, embedder) -> monitor.discrepancy(embedder).ifPresent(d -> scores.put(name, d)));
    Map<String, float[]> named = new LinkedHashMap<>();
    embedders.forEach((name, embedder) -> named.put(set(name), embedder));
    kept.embeddings(monitor, named);
    return scores;
  }

  /** What the samples behind an embedder are called among the embeddings that are kept. */
  private static String set(Measure embedder) {
    return EmbeddingsJson.TARGETS.get(
        switch (embedder) {
          case DISCREPANCY_INITIAL -> 0;
          case DISCREPANCY_ALIGNED -> 1;
          default -> 2;
        });
  }
}
