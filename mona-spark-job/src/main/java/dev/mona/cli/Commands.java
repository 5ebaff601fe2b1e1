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
import org.apache.spark.sql.SparkSession;

/**
 * What the commands do. Spark starts when the session is first asked for, so that what can be
 * refused is refused before. Failures are {@link dev.mona.MonaException}s.
 */
public interface Commands {

  /**
   * Trains, or continues a run as {@code config.run().restart().resume()} says.
   *
   * @param progress told what happens; the caller closes it
   */
  RunEnded train(Supplier<SparkSession> spark, MonaConfig config, RunListener progress);

  /** Scores of a run's finetuned model by name, in display order. */
  Map<String, Double> evaluate(Supplier<SparkSession> spark, ScoringRequest request);

  /**
   * Writes a prediction for each sample.
   *
   * @param output directory to make; must not exist
   * @return number of samples
   */
  long predict(Supplier<SparkSession> spark, ScoringRequest request, String output);

  /**
   * Writes the tokens of target samples and of source texts.
   *
   * @param output directory to make; must not exist
   * @param samples samples and texts to embed at most
   * @return number of tokens
   */
  long embed(Supplier<SparkSession> spark, ScoringRequest request, String output, int samples);

  /** Checks the data and the weights of a configuration without training. */
  ReadinessCheck check(Supplier<SparkSession> spark, MonaConfig config);

  /** Makes a data set; what was made. */
  Manifest convert(ConversionRequest request);

  /** The same from files as they are published. */
  Manifest convert(PublishedRequest request);

  /** The same from a DataFrame. */
  Manifest convert(Supplier<SparkSession> spark, FrameRequest request);

  /**
   * Makes a model folder from an export of SAM 2's image encoder; what was made.
   *
   * @param input the .ort file
   * @param output folder to make
   */
  ConvertedWeights convertWeights(String input, String output);

  /**
   * Writes a run's finetuned model as ONNX; what was written.
   *
   * @param run the run's directory
   * @param config its configuration
   * @param file where it goes; must not exist
   */
  OnnxExport.Written exportOnnx(String run, MonaConfig config, String file);

  /**
   * Examines this process, or every executor.
   *
   * @param request what a run would compute on
   */
  List<Diagnosis> examine(Supplier<SparkSession> spark, DeviceRequest request, boolean executors);
}
