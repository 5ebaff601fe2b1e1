package dev.mona.ml;

import dev.mona.storage.RunDirectory;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Saves a model: {@code metadata/} with its params as Spark ML has it, and {@code model/} with the
 * files that a run leaves, {@code config.conf} and {@code finetuned/}, with {@code task.json} and
 * {@code summary.json}.
 */
final class MonaModelWriter extends MLWriter {
  static final String FOLDER = "model";
  static final String SUMMARY = "summary.json";

  private final MonaModel model;
  private final TrainedContent content;

  MonaModelWriter(MonaModel model, TrainedContent content) {
    this.model = model;
    this.content = content;
  }

  @Override
  public void saveImpl(String path) {
    DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
    String folder = new Path(path, FOLDER).toString();
    try (RunDirectory files = RunDirectory.open(folder, sc().hadoopConfiguration())) {
      content.model().write(files);
      files.writeText(SUMMARY, content.summary().json());
    }
  }
}
