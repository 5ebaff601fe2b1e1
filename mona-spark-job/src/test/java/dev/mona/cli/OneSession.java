package dev.mona.cli;

import dev.mona.config.MonaConfig;
import dev.mona.data.Manifest;
import dev.mona.device.DeviceRequest;
import dev.mona.doctor.Diagnosis;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.job.OnnxExport;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The real commands over a session that stays open from one command to the next. */
record OneSession(Commands commands, SparkSession session) implements Commands {

  static OneSession of(SparkSession session) {
    return new OneSession(new JobCommands(new Configuration()), session);
  }

  @Override
  public RunEnded train(Supplier<SparkSession> unused, MonaConfig config, RunListener progress) {
    return commands.train(() -> session, config, progress);
  }

  @Override
  public Map<String, Double> evaluate(Supplier<SparkSession> unused, ScoringRequest request) {
    return commands.evaluate(() -> session, request);
  }

  @Override
  public long predict(Supplier<SparkSession> unused, ScoringRequest request, String output) {
    return commands.predict(() -> session, request, output);
  }

  @Override
  public long embed(
      Supplier<SparkSession> unused, ScoringRequest request, String output, int samples) {
    return commands.embed(() -> session, request, output, samples);
  }

  @Override
  public ReadinessCheck check(Supplier<SparkSession> unused, MonaConfig config) {
    return commands.check(() -> session, config);
  }

  @Override
  public Manifest convert(ConversionRequest request) {
    return commands.convert(request);
  }

  @Override
  public Manifest convert(PublishedRequest request) {
    return commands.convert(request);
  }

  @Override
  public Manifest convert(Supplier<SparkSession> unused, FrameRequest request) {
    return commands.convert(() -> session, request);
  }

  @Override
  public ConvertedWeights convertWeights(String input, String output) {
    return commands.convertWeights(input, output);
  }

  @Override
  public OnnxExport.Written exportOnnx(String run, MonaConfig config, String file) {
    return commands.exportOnnx(run, config, file);
  }

  @Override
  public List<Diagnosis> examine(
      Supplier<SparkSession> unused, DeviceRequest request, boolean executors) {
    return commands.examine(() -> session, request, executors);
  }
}
