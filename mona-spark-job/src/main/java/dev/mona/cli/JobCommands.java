package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.config.MonaConfig;
import dev.mona.convert.ConvertOptions;
import dev.mona.convert.Converter;
import dev.mona.convert.SetSource;
import dev.mona.data.Manifest;
import dev.mona.dataframe.FrameConverter;
import dev.mona.device.DeviceRequest;
import dev.mona.doctor.Diagnosis;
import dev.mona.doctor.Doctor;
import dev.mona.doctor.ExecutorDoctor;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.inputs.TargetSamples;
import dev.mona.job.EmbeddingJob;
import dev.mona.job.OnnxExport;
import dev.mona.job.ScoringJob;
import dev.mona.job.TrainingJob;
import dev.mona.job.UserListeners;
import dev.mona.job.WallClock;
import dev.mona.job.WeightsConverter;
import dev.mona.numpy.NumpyDirectory;
import dev.mona.storage.Location;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Binds the commands to the job and to the converter of the data package. */
record JobCommands(Configuration hadoop) implements Commands {

  @Override
  public RunEnded train(Supplier<SparkSession> spark, MonaConfig config, RunListener progress) {
    WallClock clock = WallClock.start();
    // before Spark starts, so that a class that is missing costs nothing
    try (RunListener users = UserListeners.open(config.listeners(), progress)) {
      RunListener all = RunListeners.of(progress, users);
      return new TrainingJob(spark.get(), config, TargetSamples.FILES, all, clock).run();
    }
  }

  @Override
  public Map<String, Double> evaluate(Supplier<SparkSession> spark, ScoringRequest request) {
    return scoring(spark, request).evaluate();
  }

  @Override
  public long predict(Supplier<SparkSession> spark, ScoringRequest request, String output) {
    return scoring(spark, request).predict(output);
  }

  @Override
  public long embed(
      Supplier<SparkSession> spark, ScoringRequest request, String output, int samples) {
    return new EmbeddingJob(spark.get(), request.directory(), request.config(), request.split())
        .write(output, samples);
  }

  private static ScoringJob scoring(Supplier<SparkSession> spark, ScoringRequest request) {
    return new ScoringJob(spark.get(), request.directory(), request.config(), request.split());
  }

  @Override
  public ReadinessCheck check(Supplier<SparkSession> spark, MonaConfig config) {
    UserListeners.check(config.listeners());
    return ReadinessCheck.of(spark.get(), config);
  }

  @Override
  public Manifest convert(ConversionRequest request) {
    return convert(() -> NumpyDirectory.open(hadoop, request.source()), request.target());
  }

  @Override
  public Manifest convert(PublishedRequest request) {
    String name = nameOf(request.target());
    return convert(
        () -> request.format().open(hadoop, Location.of(request.input()), name, request.stride()),
        request.target());
  }

  @Override
  public Manifest convert(Supplier<SparkSession> spark, FrameRequest request) {
    String name = nameOf(request.target());
    FrameConverter converter =
        new FrameConverter(spark.get(), request.origin(), request.source(), request.target());
    return converter.convert(name);
  }

  private static String nameOf(ConvertOptions target) {
    String name = Location.of(target.output()).getName();
    if (!name.matches(Manifest.NAME_PATTERN)) {
      throw MonaException.configuration(
          "--output ends in \"%s\" and names the set: use letters, digits, '_' or '-'"
              .formatted(name));
    }
    return name;
  }

  /** Opens a set. */
  private interface Opening {
    SetSource open() throws IOException;
  }

  private Manifest convert(Opening opening, ConvertOptions target) {
    try (SetSource set = opening.open()) {
      return Converter.convert(hadoop, set, target);
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE, "the input cannot be read: " + Reason.of(e), e);
    }
  }

  @Override
  public ConvertedWeights convertWeights(String input, String output) {
    EncoderCheckpoint trunk = WeightsConverter.convert(input, output, hadoop);
    return new ConvertedWeights(trunk.tensors().size(), trunk.parameterCount());
  }

  @Override
  public OnnxExport.Written exportOnnx(String run, MonaConfig config, String file) {
    return new OnnxExport(run, config, hadoop).write(file);
  }

  @Override
  public List<Diagnosis> examine(
      Supplier<SparkSession> spark, DeviceRequest request, boolean executors) {
    return executors
        ? ExecutorDoctor.examine(new JavaSparkContext(spark.get().sparkContext()), request)
        : List.of(Doctor.examine("this process", request));
  }
}
