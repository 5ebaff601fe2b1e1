package dev.mona.cli.text;

import dev.mona.device.JvmFlags;
import dev.mona.report.TextTable;
import dev.mona.sizing.Cluster;
import dev.mona.sizing.ClusterMemory;
import dev.mona.sizing.ProcessMemory;
import dev.mona.sizing.Workload;
import java.util.Locale;

/**
 * Memory of a run on a cluster, and Spark's settings for it.
 *
 * @param work what it asks for
 * @param cluster the executors
 */
public record ClusterText(Workload work, Cluster cluster) {

  /**
   * A table, and the lines of a properties file.
   *
   * @param container bytes of an executor's container; 0 for the least that suffices
   */
  public String render(long container) {
    ProcessMemory least = ClusterMemory.executor(work, cluster);
    ProcessMemory executor = container == 0 ? least : least.in(container);
    ProcessMemory driver = ClusterMemory.driver(work);
    int tasks = cluster.tasksAtOnce(work.partitions());
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d executors with %d tasks at once, for %d partitions\nbroadcast once %d MiB, state of a round %d MiB\n",
            cluster.executors(),
            tasks,
            work.partitions(),
            ProcessMemory.mebi(work.frozen()),
            ProcessMemory.mebi(work.state())));
    if (cluster.gpu()) {
      text.append(
          String.format(
              Locale.ROOT,
              "memory of each GPU: %d MiB, beside what CUDA takes\n",
              ProcessMemory.mebi(ClusterMemory.deviceArrays(work, tasks, cluster.precision()))));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "disk of an executor: %d MiB for samples, as they are dealt and when memory has no room for them\n",
            ProcessMemory.mebi(ClusterMemory.disk(work, cluster))));
    text.append('\n').append(table(executor, driver)).append('\n');
    executor(text, executor);
    driver(text, driver);
    return text.toString();
  }

  private static String table(ProcessMemory executor, ProcessMemory driver) {
    TextTable table = new TextTable("MiB", "heap", "arrays", "rest", "container");
    row(table, "executor", executor);
    row(table, "driver", driver);
    return table.render();
  }

  private static void row(TextTable table, String name, ProcessMemory memory) {
    table.row(
        name,
        mebi(memory.heap()),
        mebi(memory.arrays()),
        mebi(memory.rest()),
        mebi(memory.container()));
  }

  private static String mebi(long bytes) {
    return String.valueOf(ProcessMemory.mebi(bytes));
  }

  private void executor(StringBuilder text, ProcessMemory memory) {
    setting(text, "spark.executor.instances", String.valueOf(cluster.executors()));
    setting(text, "spark.executor.cores", String.valueOf(cluster.cores()));
    setting(text, "spark.executor.memory", mebi(memory.heap()) + "m");
    setting(text, "spark.executor.memoryOverhead", mebi(memory.arrays() + memory.rest()) + "m");
    ClusterMemory.sparkShare(work, cluster, memory.heap())
        .ifPresent(
            share ->
                setting(text, "spark.memory.fraction", String.format(Locale.ROOT, "%.2f", share)));
    setting(
        text,
        "spark.executor.extraJavaOptions",
        JvmFlags.options(ProcessMemory.mebi(memory.arrays())));
    setting(text, "spark.executorEnv.OMP_NUM_THREADS", String.valueOf(cluster.taskCores()));
    setting(text, "spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
    setting(text, "spark.executorEnv.GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    setting(text, "spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "1048576");
    setting(text, "spark.task.cpus", String.valueOf(cluster.taskCores()));
    if (cluster.gpu()) {
      setting(text, "spark.executor.resource.gpu.amount", "1");
      setting(text, "spark.task.resource.gpu.amount", "1");
      setting(text, "spark.executor.resource.gpu.discoveryScript", "deploy/gpu/discover-gpus.sh");
    }
  }

  private void driver(StringBuilder text, ProcessMemory memory) {
    setting(text, "spark.driver.memory", mebi(memory.heap()) + "m");
    setting(text, "spark.driver.memoryOverhead", mebi(memory.arrays() + memory.rest()) + "m");
    setting(
        text,
        "spark.driver.extraJavaOptions",
        JvmFlags.options(ProcessMemory.mebi(memory.arrays())));
    setting(text, "spark.driver.maxResultSize", mebi(ClusterMemory.results(work)) + "m");
    setting(text, "spark.rpc.message.maxSize", "512");
  }

  private static void setting(StringBuilder text, String key, String value) {
    text.append(key).append(' ').append(value).append('\n');
  }
}
