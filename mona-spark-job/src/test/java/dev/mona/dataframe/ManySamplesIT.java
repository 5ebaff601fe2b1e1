package dev.mona.dataframe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.convert.ConvertOptions;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.data.SplitOptions;
import dev.mona.data.TargetDataSet;
import dev.mona.data.TargetSplits;
import dev.mona.example.LocalSpark;
import dev.mona.task.SampleBlock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a DataFrame to dealt samples, what the driver gets does not grow with their number. */
class ManySamplesIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");

  /** More than are looked at one by one when samples are chosen. */
  private static final int FEW = 300_000;

  private static final int MANY = 600_000;

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  /** Bytes that tasks sent to the driver, one or more of each of them. */
  private static final class Results extends SparkListener {
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.addAndGet(end.taskMetrics().resultSize());
    }
  }

  /** Converts, opens, chooses and deals. */
  private long results(int samples) throws TimeoutException {
    String input = directory.resolve("frame-" + samples).toString();
    String output = directory.resolve("set-" + samples).toString();
    SPARK
        .range(0, samples, 1, 4)
        .selectExpr(
            "array(cast(id % 10 as float), cast(id % 7 as float)) as features",
            "cast(pmod(id, 3) as int) as label")
        .write()
        .parquet(input);
    Results results = new Results();
    SPARK.sparkContext().addSparkListener(results);
    try {
      new FrameConverter(
              SPARK,
              new Origin("numbers", "a test", "CC0"),
              new FrameOptions(input, Optional.empty(), false, 0.1, 3),
              new ConvertOptions(output, true, FEW))
          .convert("many");
      TargetSplits splits =
          TargetDataSet.open(SPARK, output).split(new SplitOptions(5, 0.1, samples / 2, 1000));
      assertThat(splits.trainSize()).isEqualTo(samples / 2);
      assertThat(splits.train(2).map(SampleBlock::size).reduce(Integer::sum))
          .isEqualTo(samples / 2);
      assertThat(splits.first(10).ids()).hasSize(10);
      assertThat(splits.spread(Split.VAL, 2, 10).ids()).hasSize(10);
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      SPARK.sparkContext().removeSparkListener(results);
    }
    return results.bytes.get();
  }

  @Test
  void theDriverGetsAsMuchOfTwiceAsManySamples() throws TimeoutException {
    long few = results(FEW);
    // less than a byte of each further sample: more tasks, no ids
    assertThat(results(MANY) - few).isLessThan(MANY - FEW);
  }
}
