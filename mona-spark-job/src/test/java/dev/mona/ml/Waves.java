package dev.mona.ml;

import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Three noisy wave forms in two channels of twelve steps, as a DataFrame, and a small encoder with
 * texts to learn them with.
 *
 * @param spark where the rows are
 * @param root folder of encoder and texts
 */
record Waves(SparkSession spark, Path root) {
  static final List<String> NAMES = List.of("slow", "steady", "quick");
  static final String SHAPE = "2x12";

  private static final int CHANNELS = 2;
  private static final int LENGTH = 12;
  private static final double NOISE = 0.3;
  private static final long SEED = 41;

  static Waves write(SparkSession spark, Path root) throws IOException {
    SmallEncoder.write(root.resolve("encoder"), SEED);
    SmallTexts.write(spark, root.resolve("texts"), 18, SEED);
    return new Waves(spark, root);
  }

  /** Columns id, wave (a name), label, features (doubles), both (0 and 1) and field (floats). */
  Dataset<Row> rows(int samples, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      int label = i % NAMES.size();
      double[] x = new double[CHANNELS * LENGTH];
      Double[] features = new Double[x.length];
      Float[] field = new Float[LENGTH];
      for (int k = 0; k < x.length; k++) {
        double phase = 2 * Math.PI * (k % LENGTH) * (1 + label) / LENGTH;
        double clean = k < LENGTH ? Math.sin(phase) : Math.cos(phase);
        features[k] = clean + NOISE * random.nextGaussian();
        field[k % LENGTH] = (float) (3 + clean);
      }
      rows.add(
          RowFactory.create(
              1000L - i,
              NAMES.get(label),
              label,
              features,
              new Integer[] {label == 0 ? 1 : 0, label > 0 ? 1 : 0},
              field));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("wave", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("both", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("field", DataTypes.createArrayType(DataTypes.FloatType));
    return spark.createDataFrame(rows, schema).repartition(2).sort("id");
  }

  /** What is not a param: 1 + 1 + 6 epochs of large steps, and nothing measured. */
  String settings() {
    return """
    backbone.weights = "%1$s/encoder"
    source { kind = parquet, path = "%1$s/texts", max-tokens = 12 }
    run.threads-per-task = 1
    task.validation-fraction = 0.25
    embedder.kernel = 3
    warmup { epochs = 1, batch-size = 6, optimizer.learning-rate = 1e-2 }
    alignment {
      epochs = 1
      batch-size = 6
      optimizer.learning-rate = 1e-2
      source-batch { classes = 4, samples-per-class = 3 }
    }
    finetuning { epochs = 6, batch-size = 6, optimizer.learning-rate = 1e-2 }
    averaging { frequency = 2, chunk-size = 1024 }
    evaluation.retention = false
    """
        .formatted(root.toString().replace("\\", "\\\\"));
  }

  MonaEstimator estimator() {
    return new MonaEstimator()
        .setConfig(settings())
        .setInputShape(SHAPE)
        .setIdCol("id")
        .setWorkers(2)
        .setSeed(3);
  }
}
