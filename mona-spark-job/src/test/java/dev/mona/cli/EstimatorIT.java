package dev.mona.cli;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.example.LocalSpark;
import dev.mona.ml.MonaEstimator;
import dev.mona.ml.MonaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator of Spark ML beside the command line, on the same samples. */
class EstimatorIT {
  private static SparkSession spark;
  private static JobFolder folder;
  private static Path run;
  private static Path kept;
  private static MonaModel model;

  @BeforeAll
  static void train(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
    run = folder.trained(spark, "files");
    Path output = root.resolve("kept");
    model =
        new MonaEstimator()
            .setConfig(Files.readString(folder.task()))
            .setInputShape(SmallTask.CHANNELS + "x" + SmallTask.LENGTH)
            .setIdCol("id")
            .setSplitCol("split")
            .setOutput(output.toString())
            .fit(split("train").union(split("test")).repartition(3));
    try (Stream<Path> runs = Files.list(output)) {
      kept = runs.findFirst().orElseThrow();
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> split(String name) {
    return spark
        .read()
        .parquet(folder.data().resolve(name + ".parquet").toString())
        .withColumn("split", lit(name));
  }

  @Test
  void aDataFrameTrainsToTheBytesOfItsFiles() throws IOException {
    JobFolder.assertSameModels(kept, run, "DataFrame");
    assertThat(model.summary().scores().get("test_error_rate")).isNotNull().isBetween(0.0, 0.34);
    assertThat(Files.readString(kept.resolve("provenance.json"))).doesNotContain("train_sha256");
  }

  @Test
  void theModelPredictsAsTheCommandDoes(@TempDir Path scratch) {
    String output = scratch.resolve("predictions").toString();
    CommandRun predicted =
        CommandRun.of(OneSession.of(spark), "predict", run.toString(), "--output", output);
    assertThat(predicted.err()).isEmpty();
    List<Row> expected =
        spark
            .read()
            .parquet(output)
            .sort("id")
            .select("id", "prediction", "probability")
            .collectAsList();
    List<Row> found =
        model
            .transform(split("test"))
            .sort("id")
            .select("id", "prediction", "probability")
            .collectAsList();
    assertThat(found).hasSameSizeAs(expected).hasSize(SmallTask.TEST);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).getLong(0)).isEqualTo(expected.get(i).getLong(0));
      assertThat(found.get(i).getDouble(1)).isEqualTo(expected.get(i).getInt(1));
      List<Float> shares = expected.get(i).getList(2);
      double[] p = ((Vector) found.get(i).get(2)).toArray();
      assertThat(p).hasSameSizeAs(shares);
      for (int k = 0; k < p.length; k++) {
        assertThat(p[k]).isCloseTo(shares.get(k), within(1e-5));
      }
    }
  }
}
