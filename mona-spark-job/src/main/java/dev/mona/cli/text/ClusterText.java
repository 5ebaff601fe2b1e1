package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.device.JvmFlags;
import dev.mona.report.TextTable;
import dev.mona.sizing.Cluster;
import dev.mona.sizing.ClusterMemory;
import dev.mona.sizing.ProcessMemory;
import dev.mona.sizing.Workload;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Memory of a run on a cluster, and Spark's settings for it.
 *
 * @param work what it asks for
 * @param cluster the executors
 * @param container bytes of an executor's container; 0 for the least that suffices
 */
public record ClusterText(Workload work, Cluster cluster, long container) implements Printed {

  /** A table, and the lines of a properties file. */
  @Override
  public String text() {
    ProcessMemory executor = executor();
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
    settings(executor, driver)
        .forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return text.toString();
  }

  /** Memory and disk in bytes; {@code spark} are the lines of the properties file. */
  @Override
  public JsonNode json() {
    ProcessMemory executor = executor();
    ProcessMemory driver = ClusterMemory.driver(work);
    int tasks = cluster.tasksAtOnce(work.partitions());
    ObjectNode root = JsonForm.object().put("executors", cluster.executors());
    root.put("tasks_at_once", tasks).put("partitions", work.partitions());
    root.put("broadcast_bytes", work.frozen()).put("state_bytes", work.state());
    if (cluster.gpu()) {
      root.put("gpu_bytes", ClusterMemory.deviceArrays(work, tasks, cluster.precision()));
    } else {
      root.putNull("gpu_bytes");
    }
    root.put("executor_disk_bytes", ClusterMemory.disk(work, cluster));
    root.set("executor", bytes(executor));
    root.set("driver", bytes(driver));
    ObjectNode spark = root.putObject("spark");
    settings(executor, driver).forEach(spark::put);
    return root;
  }

  private static ObjectNode bytes(ProcessMemory memory) {
    return JsonForm.object()
        .put("heap_bytes", memory.heap())
        .put("array_bytes", memory.arrays())
        .put("rest_bytes", memory.rest())
        .put("container_bytes", memory.container());
  }

  private ProcessMemory executor() {
    ProcessMemory least = ClusterMemory.executor(work, cluster);
    return container == 0 ? least : least.in(container);
  }

  private Map<String, String> settings(ProcessMemory executor, ProcessMemory driver) {
    Map<String, String> settings = new LinkedHashMap<>();
    executor(settings, executor);
    driver(settings, driver);
    return settings;
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

  private void executor(Map<String, String> settings, ProcessMemory memory) {
    settings.put("spark.executor.instances", String.valueOf(cluster.executors()));
    settings.put("spark.executor.cores", String.valueOf(cluster.cores()));
    settings.put("spark.executor.memory", mebi(memory.heap()) + "m");
    settings.put("spark.executor.memoryOverhead", mebi(memory.arrays() + memory.rest()) + "m");
    ClusterMemory.sparkShare(work, cluster, memory.heap())
        .ifPresent(
            share ->
                settings.put("spark.memory.fraction", String.format(Locale.ROOT, "%.2f", share)));
    settings.put(
        "spark.executor.extraJavaOptions", JvmFlags.options(ProcessMemory.mebi(memory.arrays())));
    settings.put("spark.executorEnv.OMP_NUM_THREADS", String.valueOf(cluster.taskCores()));
    settings.put("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
    settings.put("spark.executorEnv.GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    settings.put("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "1048576");
    settings.put("spark.task.cpus", String.valueOf(cluster.taskCores()));
    if (cluster.gpu()) {
      settings.put("spark.executor.resource.gpu.amount", "1");
      settings.put("spark.task.resource.gpu.amount", "1");
      settings.put("spark.executor.resource.gpu.discoveryScript", "deploy/gpu/discover-gpus.sh");
    }
  }

  private void driver(Map<String, String> settings, ProcessMemory memory) {
    settings.put("spark.driver.memory", mebi(memory.heap()) + "m");
    settings.put("spark.driver.memoryOverhead", mebi(memory.arrays() + memory.rest()) + "m");
    settings.put(
        "spark.driver.extraJavaOptions", JvmFlags.options(ProcessMemory.mebi(memory.arrays())));
    settings.put("spark.driver.maxResultSize", mebi(ClusterMemory.results(work)) + "m");
    settings.put("spark.rpc.message.maxSize", "512");
  }
}
