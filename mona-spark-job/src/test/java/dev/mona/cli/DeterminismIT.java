package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a run depend on its configuration alone. */
class DeterminismIT {
  private static final String OTHER_SEED = "run.seed=4";

  /**
   * The first two sessions start with runs of different seeds, whose broadcasts have the same
   * numbers: what an application leaves in the JVM must not reach the next one.
   */
  @Test
  void sameSeedSameBytesWhateverTheCores(@TempDir Path root) throws IOException {
    JobFolder folder;
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      folder = JobFolder.write(spark, root);
    }
    Path expected;
    Path other;
    try (SparkSession spark = LocalSpark.session("local[1]")) {
      expected = folder.trained(spark, "one");
    }
    try (SparkSession spark = LocalSpark.session("local[4]")) {
      other = folder.trained(spark, "four-other", OTHER_SEED);
      JobFolder.assertSameModels(folder.trained(spark, "four"), expected, "4 cores");
    }
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder.assertSameModels(folder.trained(spark, "two"), expected, "2 cores");
      JobFolder.assertSameModels(
          folder.trained(spark, "two-other", OTHER_SEED), other, "another seed, 2 cores");
    }
    String card = "finetuned/README.md";
    for (String run : List.of("four", "two")) {
      assertThat(folder.run(run).resolve(card)).hasSameBinaryContentAs(expected.resolve(card));
    }
    for (String file : JobFolder.TRAINED) {
      assertThat(Files.readAllBytes(other.resolve(file)))
          .as(file)
          .isNotEqualTo(Files.readAllBytes(expected.resolve(file)));
    }
  }
}
