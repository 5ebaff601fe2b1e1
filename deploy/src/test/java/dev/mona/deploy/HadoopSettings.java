package dev.mona.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration directory of a cluster of one node on the loopback interface. The servers and
 * their clients share it.
 *
 * @param directory where the files are
 * @param nameNode port of the name node's calls
 * @param webHdfs port of its REST interface
 * @param resourceManager port of the resource manager's REST interface
 */
record HadoopSettings(Path directory, int nameNode, int webHdfs, int resourceManager) {
  private static final String HOST = "127.0.0.1:";
  private static final int PORTS = 13;

  /** Directory of HDFS for the event logs of Spark. */
  static final String EVENTS = "/spark/events";

  /**
   * Writes the files.
   *
   * @param directory made for them
   * @param data where the servers keep theirs
   * @param cards program that describes the node's GPUs as {@code nvidia-smi -q -x} does
   */
  static HadoopSettings write(Path directory, Path data, Path cards) {
    List<Integer> ports = freePorts();
    try {
      Files.createDirectories(directory);
      write(directory, "core-site.xml", core(data, ports));
      write(directory, "hdfs-site.xml", hdfs(data, ports));
      write(directory, "yarn-site.xml", yarn(data, ports, cards));
      write(directory, "resource-types.xml", Map.of("yarn.resource-types", "yarn.io/gpu"));
      write(directory, "capacity-scheduler.xml", scheduler());
      Files.writeString(
          directory.resolve("log4j.properties"),
          """
          log4j.rootLogger=INFO,A
          log4j.appender.A=org.apache.log4j.ConsoleAppender
          log4j.appender.A.layout=org.apache.log4j.PatternLayout
          log4j.appender.A.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n
          """);
      Files.writeString(directory.resolve("spark-defaults.conf"), spark(ports.get(0)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HadoopSettings(directory, ports.get(0), ports.get(1), ports.get(2));
  }

  private static Map<String, String> core(Path data, List<Integer> ports) {
    Map<String, String> core = new LinkedHashMap<>();
    core.put("fs.defaultFS", "hdfs://" + HOST + ports.get(0));
    core.put("hadoop.tmp.dir", data.resolve("tmp").toString());
    core.put("hadoop.security.token.service.use_ip", "true");
    return core;
  }

  private static Map<String, String> hdfs(Path data, List<Integer> ports) {
    Map<String, String> hdfs = new LinkedHashMap<>();
    hdfs.put("dfs.replication", "1");
    hdfs.put("dfs.namenode.name.dir", data.resolve("name").toUri().toString());
    hdfs.put("dfs.datanode.data.dir", data.resolve("blocks").toUri().toString());
    hdfs.put("dfs.namenode.rpc-bind-host", "127.0.0.1");
    hdfs.put("dfs.namenode.http-address", HOST + ports.get(1));
    hdfs.put("dfs.datanode.address", HOST + ports.get(3));
    hdfs.put("dfs.datanode.ipc.address", HOST + ports.get(4));
    hdfs.put("dfs.datanode.http.address", HOST + ports.get(5));
    hdfs.put("dfs.datanode.hostname", "localhost");
    hdfs.put("dfs.namenode.datanode.registration.ip-hostname-check", "false");
    hdfs.put("dfs.permissions.enabled", "false");
    hdfs.put("dfs.namenode.safemode.extension", "0");
    hdfs.put("dfs.datanode.du.reserved", "0");
    hdfs.put("dfs.heartbeat.interval", "1");
    return hdfs;
  }

  private static Map<String, String> yarn(Path data, List<Integer> ports, Path cards) {
    Map<String, String> yarn = new LinkedHashMap<>();
    yarn.put("yarn.resourcemanager.hostname", "127.0.0.1");
    yarn.put("yarn.resourcemanager.bind-host", "127.0.0.1");
    yarn.put("yarn.resourcemanager.webapp.address", HOST + ports.get(2));
    yarn.put("yarn.resourcemanager.address", HOST + ports.get(6));
    yarn.put("yarn.resourcemanager.scheduler.address", HOST + ports.get(7));
    yarn.put("yarn.resourcemanager.resource-tracker.address", HOST + ports.get(8));
    yarn.put("yarn.resourcemanager.admin.address", HOST + ports.get(9));
    yarn.put("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "200");
    yarn.put(
        "yarn.resourcemanager.scheduler.class",
        "org.apache.hadoop.yarn.server.resourcemanager.scheduler.capacity.CapacityScheduler");
    yarn.put("yarn.scheduler.minimum-allocation-mb", "128");
    yarn.put("yarn.scheduler.maximum-allocation-mb", "12288");
    yarn.put("yarn.nodemanager.hostname", "localhost");
    yarn.put("yarn.nodemanager.bind-host", "127.0.0.1");
    yarn.put("yarn.nodemanager.address", "localhost:" + ports.get(10));
    yarn.put("yarn.nodemanager.localizer.address", HOST + ports.get(11));
    yarn.put("yarn.nodemanager.webapp.address", HOST + ports.get(12));
    yarn.put("yarn.nodemanager.resource.memory-mb", "12288");
    yarn.put("yarn.nodemanager.resource.cpu-vcores", "8");
    // virtual memory of native arrays says nothing, and the machine is shared with other tests
    yarn.put("yarn.nodemanager.vmem-check-enabled", "false");
    yarn.put("yarn.nodemanager.pmem-check-enabled", "false");
    yarn.put(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
    yarn.put("yarn.nodemanager.disk-health-checker.min-free-space-per-disk-mb", "0");
    yarn.put("yarn.nodemanager.local-dirs", data.resolve("containers").toString());
    // kept beside those of the servers, for whoever looks into a failed test
    yarn.put(
        "yarn.nodemanager.log-dirs", data.resolveSibling("logs").resolve("containers").toString());
    yarn.put("yarn.log-aggregation-enable", "false");
    yarn.put("yarn.nodemanager.env-whitelist", "JAVA_HOME,HADOOP_CONF_DIR");
    // containers start with the PATH of bash, not with that of the node manager
    yarn.put("yarn.nodemanager.admin-env", "PATH=" + cards.getParent() + ":/usr/bin:/bin");
    yarn.put("yarn.nodemanager.resource-plugins", "yarn.io/gpu");
    yarn.put(
        "yarn.nodemanager.resource-plugins.gpu.path-to-discovery-executables", cards.toString());
    return yarn;
  }

  private static Map<String, String> scheduler() {
    Map<String, String> scheduler = new LinkedHashMap<>();
    scheduler.put("yarn.scheduler.capacity.root.queues", "default,science");
    scheduler.put("yarn.scheduler.capacity.root.default.capacity", "50");
    scheduler.put("yarn.scheduler.capacity.root.default.maximum-capacity", "100");
    scheduler.put("yarn.scheduler.capacity.root.default.user-limit-factor", "2");
    scheduler.put("yarn.scheduler.capacity.root.science.capacity", "50");
    scheduler.put("yarn.scheduler.capacity.root.science.maximum-capacity", "100");
    scheduler.put("yarn.scheduler.capacity.root.science.user-limit-factor", "2");
    scheduler.put("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
    scheduler.put("yarn.scheduler.capacity.node-locality-delay", "0");
    // the default calculator knows memory alone
    scheduler.put(
        "yarn.scheduler.capacity.resource-calculator",
        "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
    return scheduler;
  }

  /** What the owners of a cluster put into their spark-defaults.conf. */
  private static String spark(int nameNode) {
    return """
    spark.yarn.jars local:%s/*
    spark.yarn.report.interval 500ms
    spark.yarn.appMasterEnv.SPARK_LOCAL_IP 127.0.0.1
    spark.yarn.appMasterEnv.SPARK_LOCAL_HOSTNAME localhost
    spark.executorEnv.SPARK_LOCAL_IP 127.0.0.1
    spark.executorEnv.SPARK_LOCAL_HOSTNAME localhost
    spark.yarn.appMasterEnv.JAVA_TOOL_OPTIONS %s
    spark.executorEnv.JAVA_TOOL_OPTIONS %s
    spark.yarn.scheduler.heartbeat.interval-ms 500
    spark.eventLog.dir hdfs://%s%s%s
    """
        .formatted(
            Installation.distribution("spark").toAbsolutePath().normalize().resolve("jars"),
            Installation.QUICK_START,
            Installation.QUICK_START,
            HOST,
            nameNode,
            EVENTS);
  }

  private static void write(Path directory, String file, Map<String, String> properties)
      throws IOException {
    StringBuilder xml = new StringBuilder("<configuration>\n");
    properties.forEach(
        (name, value) ->
            xml.append(
                "  <property><name>%s</name><value>%s</value></property>%n"
                    .formatted(name, value)));
    Files.writeString(directory.resolve(file), xml.append("</configuration>\n"));
  }

  private static List<Integer> freePorts() {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < PORTS) {
      ports.add(Running.freePort());
    }
    return new ArrayList<>(ports);
  }
}
