package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mona.MonaException;
import dev.mona.compute.Device;
import dev.mona.compute.Precision;
import dev.mona.compute.TestDevice;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The computed size of the arrays against a run, whose arrays the engine counts. */
class MemoryModelIT {
  /** What the formula adds for small arrays, which says nothing about the run. */
  private static final long CONSTANT = 64L << 20;

  /**
   * At the end of a run scores and measures are taken side by side; how much of what one has left
   * is still there when the next one begins is up to the collector.
   */
  private static final double LEAST = 0.6;

  private static final double MOST = 1.5;

  private static final long PAUSE = 50_000;

  @ParameterizedTest
  @CsvSource({"ND4J, FLOAT32", "TORCH, FLOAT32", "TORCH, BF16"})
  void arraysAreComputedAboutAsTheyAreMeasured(
      EngineName engine, Precision precision, @TempDir Path root) throws IOException {
    Device device = device(new DeviceRequest(engine, precision, WantedDevice.AUTO));
    String[] settings = {"run.engine=" + engine.id(), "run.precision=" + precision.id()};
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      JobFolder folder = JobFolder.write(spark, root);
      MonaConfig config = ConfigLayers.start().text("task", Files.readString(folder.task())).load();
      Workload work = ReadinessCheck.of(spark, config).workload();
      // whatever an earlier test left in this JVM goes when another run takes its place
      folder.trained(spark, "before", settings);
      long before = TestDevice.bytesAtRest(device);
      AtomicLong most = new AtomicLong(before);
      AtomicBoolean running = new AtomicBoolean(true);
      Thread watch =
          new Thread(
              () -> {
                while (running.get()) {
                  most.accumulateAndGet(device.usedBytes(), Math::max);
                  LockSupport.parkNanos(PAUSE);
                }
              },
              "watch");
      watch.setDaemon(true);
      watch.start();
      try {
        // tasks meet their peaks together in one run and miss each other in another
        folder.trained(spark, "measured", settings);
        // what the first has not given back yet is none of the second's
        TestDevice.bytesAtRest(device);
        folder.trained(spark, "measured-again", settings);
      } finally {
        running.set(false);
      }
      // of what was there before, a part may have gone while the runs lasted
      double measured = most.get() - Math.min(before, TestDevice.bytesAtRest(device));
      double computed = ClusterMemory.deviceArrays(work, 2, precision) - CONSTANT;
      assertThat(computed / measured)
          .as("computed %.0f bytes, measured %.0f", computed, measured)
          .isBetween(LEAST, MOST);
    }
  }

  /** A processor without bf16 refuses it. */
  private static Device device(DeviceRequest request) {
    try {
      return TaskDevice.of(request).device();
    } catch (MonaException e) {
      assumeThat(request.precision()).as(e.getMessage()).isEqualTo(Precision.FLOAT32);
      throw e;
    }
  }
}
