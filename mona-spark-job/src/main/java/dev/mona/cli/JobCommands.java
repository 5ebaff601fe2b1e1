package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import dev.mona.data.ConvertOptions;
import dev.mona.data.Converter;
import dev.mona.data.Encoding;
import dev.mona.data.Manifest;
import dev.mona.report.RunListener;
import java.util.LinkedHashMap;
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
    Encoding encoding =
        request.symbols() == 0 ? new Encoding.Plain() : new Encoding.OneHot(request.symbols());
    Manifest made =
        Converter.convert(
            StoredText.hadoop(),
            new ConvertOptions(request.input(), request.output(), encoding, request.standardise()));
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("name", made.name());
    summary.put("output", request.output());
    summary.put("sample", "[" + made.channels() + ", " + made.length() + "]");
    summary.put("outputs", String.valueOf(made.outputs()));
    made.splits().forEach((split, file) -> summary.put(split.id(), file.samples() + " samples"));
    summary.put("licence", made.licence());
    return summary;
  }

  private static MonaException missing(String command) {
    return new MonaException(
        MonaException.Category.ENVIRONMENT, "this build holds no job for mona " + command);
  }
}
