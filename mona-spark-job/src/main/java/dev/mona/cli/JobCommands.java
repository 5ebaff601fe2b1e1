package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import dev.mona.report.RunListener;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Binds the commands to the job and to the converter of the data package. */
final class JobCommands implements Commands {

  @Override
  public TrainingResult train(
      Supplier<SparkSession> spark, MonaConfig config, RunListener progress) {
    throw missing("train");
  }

  @Override
  public Map<String, Double> evaluate(Supplier<SparkSession> spark, ScoringRequest request) {
    throw missing("evaluate");
  }

  @Override
  public long predict(Supplier<SparkSession> spark, ScoringRequest request, String output) {
    throw missing("predict");
  }

  @Override
  public Readiness check(Supplier<SparkSession> spark, MonaConfig config) {
    throw missing("validate without --config-only");
  }

  @Override
  public Map<String, String> convert(ConversionRequest request) {
    throw missing("convert");
  }

  private static MonaException missing(String command) {
    return new MonaException(
        MonaException.Category.ENVIRONMENT, "this build holds no job for mona " + command);
  }
}
