package dev.mona.ml;

import dev.mona.job.FinetunedModel;
import dev.mona.storage.RunDirectory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/** Reads what {@link MonaModelWriter} saved. */
final class MonaModelReader extends MLReader<MonaModel> {
  private static final int LARGEST = 1 << 26;

  @Override
  public MonaModel load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader.loadMetadata(path, sc(), MonaModel.class.getName());
    Configuration hadoop = sc().hadoopConfiguration();
    String folder = new Path(path, MonaModelWriter.FOLDER).toString();
    try (RunDirectory files = RunDirectory.open(folder, hadoop)) {
      MonaSummary summary =
          files.read(
              MonaModelWriter.SUMMARY, (in, length) -> MonaSummary.of(in.readNBytes(LARGEST)));
      MonaModel model =
          new MonaModel(
              metadata.uid(), new TrainedContent(FinetunedModel.open(files, hadoop), summary));
      metadata.getAndSetParams(model, metadata.getAndSetParams$default$2());
      return model;
    }
  }
}
