package dev.mona.executor;

import dev.mona.compute.Device;
import dev.mona.events.ScoreName;
import dev.mona.inputs.JobModel;
import dev.mona.learner.Stage;
import dev.mona.retention.Represented;
import dev.mona.retention.Retention;
import dev.mona.retention.RetentionChange;
import dev.mona.retention.SourceRetention;
import dev.mona.spark.Sent;
import dev.mona.spark.SparkJob;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.SerialFloats;
import dev.mona.training.EpochEvaluator;
import dev.mona.training.ModelParameters;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures on an executor what becomes of the source's knowledge: the forgetting gap while the
 * encoder is frozen, the retention of the encoder while it is finetuned.
 *
 * @param spark where to run
 * @param model the broadcast model
 * @param every epochs of a stage from one measurement to the next
 * @param refit whether epochs of finetuning have the error of a refitted probe, too
 */
public record RetentionMonitor(
    JavaSparkContext spark, Broadcast<JobModel> model, int every, boolean refit)
    implements EpochEvaluator {
  private static final Logger log = LoggerFactory.getLogger(RetentionMonitor.class);

  @Override
  public Map<String, Double> evaluate(Stage stage, int epoch, ModelParameters parameters) {
    if ((epoch + 1) % every != 0) {
      return Map.of();
    }
    Map<String, Double> values = new LinkedHashMap<>();
    switch (stage) {
      case WARMUP, ALIGNMENT -> values.put("forgetting_gap", gap(parameters));
      case FINETUNING -> {
        float[] encoder = parameters.of(ParameterGroup.ENCODER);
        Retention retention;
        if (refit) {
          RetentionChange change = change(encoder);
          retention = change.after();
          values.put(ScoreName.Measure.PROBE_ERROR_REFITTED.id(), change.refittedProbeError());
        } else {
          retention = retention(encoder);
        }
        values.put(ScoreName.Measure.PROBE_ERROR.id(), retention.probeError());
        values.put(ScoreName.Measure.OUTER_LOSS.id(), retention.outerLoss());
        values.put(ScoreName.Measure.DAVIES_BOULDIN.id(), retention.daviesBouldin());
      }
    }
    return values;
  }

  /**
   * Has an executor measure the pretrained encoder, which all others are held against: before the
   * first round it has nothing else to do.
   *
   * @return whether it could; where not, this is done when it is needed, and fails then
   */
  public boolean measureAhead() {
    try {
      Retention unused =
          onExecutor(
              "measure source retention of the pretrained encoder",
              new float[0],
              new Measure<>(model, (m, none) -> m.retention(SourceRetention::pretrained)));
      return true;
    } catch (RuntimeException e) {
      log.warn("event=pretrained-encoder-not-measured cause={}", e.toString());
      return false;
    }
  }

  private Retention retention(float[] encoder) {
    return onExecutor(
        "measure source retention",
        encoder,
        new Measure<>(model, (m, e) -> m.retention(r -> r.measure(m.frozen().encoder(e)))));
  }

  /**
   * What has become of the pretrained encoder's retention.
   *
   * @param encoder what the state of finetuning holds of it: its weights, or adapters
   */
  public RetentionChange change(float[] encoder) {
    return onExecutor(
        "measure the change of source retention",
        encoder,
        new Measure<>(model, (m, e) -> m.retention(r -> r.change(m.frozen().encoder(e)))));
  }

  /** Modality knowledge discrepancy behind an embedder; none where it is not defined. */
  public OptionalDouble discrepancy(float[] embedder) {
    double measured =
        onExecutor(
            "measure the discrepancy between the modalities",
            embedder,
            new Measure<>(model, (m, e) -> m.discrepancy(d -> d.measure(e)).orElse(Double.NaN)));
    return Double.isNaN(measured) ? OptionalDouble.empty() : OptionalDouble.of(measured);
  }

  /** What the pretrained encoder makes of some source samples. */
  public Represented representSource(int most) {
    return onExecutor(
        "represent source samples",
        new float[0],
        new Measure<>(model, (m, none) -> m.retention(r -> r.represent(most))));
  }

  /** What it makes of some target samples behind an embedder. */
  public Represented representTarget(float[] embedder, int most) {
    return onExecutor(
        "represent target samples",
        embedder,
        new Measure<>(model, (m, e) -> m.discrepancy(d -> d.represent(e, most))));
  }

  private double gap(ModelParameters parameters) {
    int embedder = parameters.of(ParameterGroup.EMBEDDER).length;
    float[] both = parameters.flat(List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD));
    return onExecutor(
        "measure the forgetting gap",
        both,
        new Measure<>(
            model,
            (m, values) ->
                m.gap(
                    gap ->
                        gap.measure(
                            Arrays.copyOf(values, embedder),
                            Arrays.copyOfRange(values, embedder, values.length)))));
  }

  private <T> T onExecutor(String description, float[] values, Measure<T> measure) {
    try (Sent<SerialFloats> sent = Sent.to(spark, new SerialFloats(values))) {
      return SparkJob.described(
          spark, description, () -> spark.parallelize(List.of(sent), 1).map(measure).first());
    }
  }

  /** A measure of flat parameters. */
  private interface Measurement<T> extends Serializable {
    T of(ExecutorModel model, float[] values);
  }

  /** Takes a measure on the executor. */
  private record Measure<T>(Broadcast<JobModel> model, Measurement<T> measurement)
      implements Function<Sent<SerialFloats>, T> {
    @Override
    public T call(Sent<SerialFloats> values) {
      Device device = BroadcastLearners.bind(model.value().resources());
      return measurement.of(ExecutorModel.of(model, device), values.value().values());
    }
  }
}
