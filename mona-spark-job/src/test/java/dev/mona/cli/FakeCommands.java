package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.device.DeviceRequest;
import dev.mona.doctor.Diagnosis;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.ScoreName;
import dev.mona.events.Scores;
import dev.mona.events.Spending;
import dev.mona.events.StopReason;
import dev.mona.events.WallTime;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.job.OnnxExport;
import dev.mona.metric.MetricKind;
import dev.mona.storage.FileDigest;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Remembers what it was asked for, and fails or answers as told. */
public final class FakeCommands implements Commands {
  public final List<MonaConfig> configs = new ArrayList<>();
  final List<Object> requests = new ArrayList<>();
  List<Diagnosis> diagnoses = List.of();
  public boolean diverges;
  public @Nullable RuntimeException failure;
  public @Nullable Error error;

  private void failIfTold() {
    if (failure != null) {
      throw failure;
    }
    if (error != null) {
      throw error;
    }
  }

  @Override
  public RunEnded train(Supplier<SparkSession> spark, MonaConfig config, RunListener progress) {
    configs.add(config);
    failIfTold();
    return new RunEnded(
        "runs/r1",
        diverges ? StopReason.DIVERGED : StopReason.COMPLETED,
        60,
        new Scores(Map.of(new ScoreName.Test(MetricKind.ERROR_RATE), 0.089)),
        new WallTime(Map.of(Spending.LOCAL_STEPS, 60.0)));
  }

  @Override
  public Map<String, Double> evaluate(Supplier<SparkSession> spark, ScoringRequest request) {
    requests.add(request);
    failIfTold();
    return Map.of("error-rate", 0.125);
  }

  @Override
  public long predict(Supplier<SparkSession> spark, ScoringRequest request, String output) {
    requests.add(request);
    requests.add(output);
    return 797;
  }

  @Override
  public long embed(
      Supplier<SparkSession> spark, ScoringRequest request, String output, int samples) {
    requests.add(request);
    requests.add(output);
    failIfTold();
    return 20L * samples;
  }

  /** A set of four channels of 60 steps and three classes, with the splits that are asked for. */
  static Manifest set(String name) {
    return new Manifest(
        name,
        new Origin("DNA", "UCI", "CC BY 4.0"),
        new Features(SampleShape.series(4, 60), new Encoding.Plain(), null),
        Prediction.of(TaskKind.CLASSIFICATION, 3, List.of()),
        Map.of(
            Split.TRAIN, new SplitFile("train.parquet", 2389, 1, "a".repeat(64)),
            Split.TEST, new SplitFile("test.parquet", 797, 1, "b".repeat(64))));
  }

  @Override
  public Manifest convert(PublishedRequest request) {
    requests.add(request);
    failIfTold();
    return set(request.format().id());
  }

  @Override
  public Manifest convert(Supplier<SparkSession> spark, FrameRequest request) {
    requests.add(request);
    return set("frame");
  }

  @Override
  public ReadinessCheck check(Supplier<SparkSession> spark, MonaConfig config) {
    configs.add(config);
    failIfTold();
    TaskSpec task = TaskSpec.of("dna", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    return new ReadinessCheck(
        task,
        new ReadinessCheck.Samples(513, 100, 797),
        2,
        Map.of(
            ParameterGroup.EMBEDDER, 10L, ParameterGroup.ENCODER, 1000L, ParameterGroup.HEAD, 7L),
        SmallWorkload.of(config, task));
  }

  @Override
  public Manifest convert(ConversionRequest request) {
    requests.add(request);
    return set("arrays");
  }

  @Override
  public ConvertedWeights convertWeights(String input, String output) {
    requests.add(List.of(input, output));
    return new ConvertedWeights(154, 27_000_000);
  }

  @Override
  public OnnxExport.Written exportOnnx(String run, MonaConfig config, String file) {
    configs.add(config);
    requests.add(List.of(run, file));
    return new OnnxExport.Written(
        file, new FileDigest(123, "a".repeat(64)), Map.of("features", List.of("batch", "4", "60")));
  }

  @Override
  public List<Diagnosis> examine(
      Supplier<SparkSession> spark, DeviceRequest request, boolean executors) {
    requests.add(request);
    failIfTold();
    return diagnoses;
  }
}
