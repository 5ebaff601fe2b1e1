package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a run depend on its configuration alone. */
class DeterminismIT {
  private static final String OTHER_SEED = "run.seed=4";

  /** The second session runs the seeds in the other order: nothing of a job outlives it. */
  @Test
  void sameSeedSameBytesWhateverTheCores(@TempDir Path root) throws IOException {
    JobFolder folder;
    Path expected;
    Path other;
    try (SparkSession spark = JobFolder.session("local[1]")) {
      folder = JobFolder.write(spark, root);
      expected = folder.trained(spark, "one");
      other = folder.trained(spark, "one-other", OTHER_SEED);
    }
    for (String file : JobFolder.TRAINED) {
      assertThat(other.resolve(file))
          .as(file)
          .satisfies(
              path ->
                  assertThat(Files.readAllBytes(path))
                      .isNotEqualTo(Files.readAllBytes(expected.resolve(file))));
    }
    try (SparkSession spark = JobFolder.session("local[2]")) {
      JobFolder.assertSameModels(
          folder.trained(spark, "two-other", OTHER_SEED), other, "another seed, 2 cores");
      JobFolder.assertSameModels(folder.trained(spark, "two"), expected, "2 cores");
    }
    try (SparkSession spark = JobFolder.session("local[4]")) {
      JobFolder.assertSameModels(folder.trained(spark, "four"), expected, "4 cores");
    }
  }
}
