package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.TestDevice;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.example.LocalSpark;
import dev.mona.inputs.ReadinessCheck;
import dev.mona.sizing.ClusterMemory;
import dev.mona.sizing.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The computed size of the arrays against a run, whose arrays the engine counts. */
class MemoryModelIT {
  /** What the formula adds for small arrays, which says nothing about the run. */
  private static final long CONSTANT = 64L << 20;

  private static final long PAUSE = 50_000;
  private static final long REST = 50_000_000;

  @Test
  void arraysAreComputedWithinAFactorOfOneAndAHalf(@TempDir Path root) throws IOException {
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      MonaConfig config = ConfigLayers.start().text("task", Files.readString(folder.task())).load();
      Workload work = ReadinessCheck.of(spark, config).workload();
      // whatever an earlier test left in this JVM goes when another run takes its place
      folder.trained(spark, "before");
      long before = atRest();
      AtomicLong most = new AtomicLong(before);
      AtomicBoolean running = new AtomicBoolean(true);
      Thread watch =
          new Thread(
              () -> {
                while (running.get()) {
                  most.accumulateAndGet(TestDevice.floats().usedBytes(), Math::max);
                  LockSupport.parkNanos(PAUSE);
                }
              },
              "watch");
      watch.setDaemon(true);
      watch.start();
      try {
        // tasks meet their peaks together in one run and miss each other in another
        folder.trained(spark, "measured");
        folder.trained(spark, "measured-again");
      } finally {
        running.set(false);
      }
      // of what was there before, a part may have gone while the runs lasted
      double measured = most.get() - Math.min(before, atRest());
      double computed = ClusterMemory.deviceArrays(work, 2) - CONSTANT;
      assertThat(computed / measured)
          .as("computed %.0f bytes, measured %.0f", computed, measured)
          .isBetween(0.67, 1.5);
    }
  }

  /**
   * What is held when nothing runs: arrays that nobody refers to go some time after a collection.
   */
  private static long atRest() {
    long used = TestDevice.floats().usedBytes();
    for (int same = 0, tries = 0; same < 5 && tries < 100; tries++) {
      System.gc();
      LockSupport.parkNanos(REST);
      long now = TestDevice.floats().usedBytes();
      same = now == used ? same + 1 : 0;
      used = now;
    }
    return used;
  }
}
