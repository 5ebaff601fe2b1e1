package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.text.ClusterText;
import dev.mona.cli.text.Sizes;
import dev.mona.config.MonaConfig;
import dev.mona.sizing.Cluster;
import dev.mona.sizing.Workload;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that describe a cluster whose memory is to be computed. */
final class ClusterOptions {
  private static final int DEFAULT_EXECUTORS = 2;

  @Option(
      names = "--cluster",
      description = "Print the memory that driver and executors need, as Spark settings.")
  private boolean wanted;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Executors (default: spark.executor.instances, or 2).")
  private @Nullable Integer workers;

  @Option(
      names = "--executor-cores",
      paramLabel = "C",
      description = "Cores of an executor (default: spark.executor.cores, or those of one task).")
  private @Nullable Integer cores;

  @Option(
      names = "--executor-container",
      paramLabel = "SIZE",
      description =
          "Memory of an executor's container, like 16g; divided between heap, arrays and the rest"
              + " (default: the least that suffices).")
  private @Nullable String container;

  @Option(names = "--gpu", description = "A GPU an executor, and a task a GPU.")
  private boolean gpu;

  boolean wanted() {
    return wanted;
  }

  /** Memory and settings for a run. */
  ClusterText of(MonaConfig config, Workload work) {
    SparkConf conf = new SparkConf();
    int threads = Math.max(1, config.run().resources().threadsPerTask());
    int executors =
        workers == null
            ? conf.getInt("spark.executor.instances", DEFAULT_EXECUTORS)
            : Sizes.positive("--workers", workers);
    int each =
        cores == null
            ? Math.max(threads, conf.getInt("spark.executor.cores", threads))
            : Sizes.positive("--executor-cores", cores);
    if (each < threads) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "--executor-cores is %d and run.threads-per-task %d: an executor needs the cores of at least one task",
              each,
              threads));
    }
    Cluster cluster =
        new Cluster(executors, each, threads, gpu, config.run().resources().device().precision());
    return new ClusterText(
        work, cluster, container == null ? 0 : Sizes.bytes("--executor-container", container));
  }
}
