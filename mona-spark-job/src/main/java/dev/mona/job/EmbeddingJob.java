package dev.mona.job;

import dev.mona.compute.Device;
import dev.mona.config.MonaConfig;
import dev.mona.data.Split;
import dev.mona.device.TaskDevice;
import dev.mona.inputs.JobInputs;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes what the embedders of a run make of some target samples and source texts, one row a token:
 * {@code origin} ({@code target} or {@code source}), {@code embedder} ({@code pretrained} for the
 * source; {@code aligned} and {@code finetuned} for the target), {@code sample} (id of the target
 * sample or number of the source text), {@code token} (position), {@code label} (names of the
 * classes) and {@code values} ({@code [W]}).
 */
public final class EmbeddingJob {
  private static final StructType SCHEMA =
      new StructType()
          .add("origin", DataTypes.StringType, false)
          .add("embedder", DataTypes.StringType, false)
          .add("sample", DataTypes.LongType, false)
          .add("token", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final SparkSession session;
  private final String directory;
  private final MonaConfig config;
  private final Split split;

  /**
   * A job over one run.
   *
   * @param directory the run's directory
   * @param config its configuration; {@code task.data} names the target samples
   * @param split which samples of that set
   */
  public EmbeddingJob(SparkSession session, String directory, MonaConfig config, Split split) {
    this.session = session;
    this.directory = directory;
    this.config = config;
    this.split = split;
  }

  /**
   * Writes the tokens of {@code samples} target samples and as many source texts, or of all where
   * there are fewer, as Parquet. They are spread evenly over the split and the texts.
   *
   * @return number of tokens
   */
  public long write(String output, int samples) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    OutputDirectory.requireFree(output, hadoop);
    try (RunDirectory run = RunDirectory.open(directory, hadoop)) {
      TrainedModel.requireFinetuned(run);
      return write(run, JobInputs.openToScore(session, config), output, samples);
    }
  }

  private long write(RunDirectory run, JobInputs inputs, String output, int samples) {
    inputs.requireSamples(split);
    SampleBlock chosen = inputs.splits().spread(split, inputs.partitions(), samples);
    Device device = TaskDevice.bind(config.run().resources().device(), 0);
    try (TokenRows tokens = new TokenRows(inputs, samples, device)) {
      float[] finetuned = TrainedModel.read(run, inputs.network()).of(ParameterGroup.EMBEDDER);
      tokens.addSource();
      TrainedModel.readAligned(run, inputs.network())
          .ifPresent(aligned -> tokens.addTarget("aligned", aligned, chosen));
      tokens.addTarget("finetuned", finetuned, chosen);
      session
          .createDataFrame(tokens.rows(), SCHEMA)
          .coalesce(1)
          .write()
          .parquet(Location.of(output).toString());
      return tokens.rows().size();
    }
  }
}
