package dev.mona.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * HDFS and YARN of one node: a name node, a data node, a resource manager and a node manager with
 * two pretended GPUs, each the real server in a process of its own, on free ports of the loopback
 * interface. Test classes share one by {@link OnHadoop}.
 */
public final class HadoopCluster implements AutoCloseable {
  /** Directory of HDFS that spark-defaults.conf names for event logs. */
  public static final String EVENTS = HadoopSettings.EVENTS;

  private static final Duration UP = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-Djava.net.preferIPv4Stack=true",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED");

  private final Path root;
  private final HadoopSettings settings;
  private final Deque<Running> servers = new ArrayDeque<>();
  private final ObjectMapper json = new ObjectMapper();

  private HadoopCluster(Path root) {
    this.root = root;
    Path cards = FakeCards.write(root.resolve("bin"));
    settings = HadoopSettings.write(root.resolve("conf"), root.resolve("data"), cards);
  }

  /** Starts the servers and waits until they take work. Logs stay under {@code target}. */
  public static HadoopCluster start() {
    HadoopCluster cluster;
    try {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      cluster = new HadoopCluster(Files.createTempDirectory(target, "hadoop-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      cluster.startServers();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void startServers() {
    Running resourceManager =
        server("yarn.server.resourcemanager.ResourceManager", "resourcemanager");
    Running nodeManager = server("yarn.server.nodemanager.NodeManager", "nodemanager");
    try (Running format =
        run("hdfs.server.namenode.NameNode", "format", "-format", "-force", "-nonInteractive")) {
      if (format.await(UP) != 0) {
        throw new IllegalStateException("HDFS was not formatted:\n" + format.tail());
      }
    }
    Running nameNode = server("hdfs.server.namenode.NameNode", "namenode");
    Running dataNode = server("hdfs.server.datanode.DataNode", "datanode");
    nameNode.awaitUntil(
        "name node", UP, () -> nameNodeState().path("NumLiveDataNodes").asInt() == 1);
    dataNode.awaitUntil(
        "data node", UP, () -> "Operational".equals(nameNodeState().path("FSState").asText()));
    resourceManager.awaitUntil("resource manager", UP, () -> !metrics().isMissingNode());
    nodeManager.awaitUntil("node", UP, () -> metrics().path("activeNodes").asInt() == 1);
    send(
        HttpRequest.newBuilder(webHdfs("/webhdfs/v1" + EVENTS + "?op=MKDIRS"))
            .PUT(HttpRequest.BodyPublishers.noBody()),
        HttpResponse.BodyHandlers.discarding());
  }

  private Running server(String type, String name) {
    Running server = run(type, name);
    servers.push(server);
    return server;
  }

  private Running run(String type, String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-cp");
    command.add(
        configuration()
            + File.pathSeparator
            + Installation.distribution("hadoop").toAbsolutePath().normalize().resolve("jars")
            + "/*");
    command.add("org.apache.hadoop." + type);
    command.addAll(List.of(arguments));
    Map<String, String> environment = new LinkedHashMap<>(environment());
    environment.put("HADOOP_ROOT_LOGGER", "INFO,A");
    return Running.start(root.resolve("logs/" + name + ".log"), environment, command);
  }

  private JsonNode nameNodeState() {
    return ask(webHdfs("/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState"))
        .path("beans")
        .path(0);
  }

  private JsonNode metrics() {
    return ask(resourceManager("/ws/v1/cluster/metrics")).path("clusterMetrics");
  }

  /** What a server answers; a missing node before it listens, and for what does not exist. */
  private JsonNode ask(URI address) {
    try {
      return json.readTree(get(address));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ConnectException
          || e.getCause() instanceof FileNotFoundException) {
        return json.missingNode();
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(address + " did not answer with JSON", e);
    }
  }

  /** Directory of core-site.xml, yarn-site.xml and spark-defaults.conf: HADOOP_CONF_DIR. */
  public Path configuration() {
    return settings.directory();
  }

  /** Variables with which clients of the cluster start. */
  public Map<String, String> environment() {
    return Map.of(
        "JAVA_HOME", System.getProperty("java.home"),
        "HADOOP_CONF_DIR", configuration().toString(),
        "SPARK_HOME", Installation.distribution("spark").toAbsolutePath().normalize().toString(),
        "SPARK_CONF_DIR", configuration().toString(),
        "SPARK_LOCAL_IP", "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME", "localhost");
  }

  /** Address of a path in HDFS. */
  public String hdfs(String path) {
    return "hdfs://127.0.0.1:" + settings.nameNode() + path;
  }

  /** Address of a path of the resource manager's REST interface. */
  public URI resourceManager(String path) {
    return URI.create("http://127.0.0.1:" + settings.resourceManager() + path);
  }

  /** What the resource manager answers, for example to {@code /ws/v1/cluster/apps}. */
  public JsonNode askResourceManager(String path) {
    return ask(resourceManager(path));
  }

  /** Bytes of a file in HDFS, read over its REST interface. */
  public byte[] read(String path) {
    return get(webHdfs("/webhdfs/v1" + path + "?op=OPEN"));
  }

  /** Whether a file or directory is in HDFS. */
  public boolean exists(String path) {
    String parent = path.substring(0, path.lastIndexOf('/'));
    String name = path.substring(path.lastIndexOf('/') + 1);
    for (JsonNode entry : entries(parent)) {
      if (entry.path("pathSuffix").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** What a directory holds; nothing when it does not exist. */
  private JsonNode entries(String directory) {
    return ask(webHdfs("/webhdfs/v1" + directory + "?op=LISTSTATUS"))
        .path("FileStatuses")
        .path("FileStatus");
  }

  /** Copies a file out of HDFS, which may be larger than the heap; its directories are made. */
  public void fetch(String path, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      send(
          HttpRequest.newBuilder(webHdfs("/webhdfs/v1" + path + "?op=OPEN")),
          HttpResponse.BodyHandlers.ofFile(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Paths of all files under a directory of HDFS, sorted. */
  public List<String> files(String directory) {
    List<String> found = new ArrayList<>();
    for (JsonNode entry : entries(directory)) {
      String path = directory + "/" + entry.path("pathSuffix").asText();
      if (entry.path("type").asText().equals("DIRECTORY")) {
        found.addAll(files(path));
      } else {
        found.add(path);
      }
    }
    return found.stream().sorted().toList();
  }

  /** The servers and all that they have started, containers too. */
  Stream<ProcessHandle> processes() {
    return servers.stream().flatMap(Running::processes);
  }

  private URI webHdfs(String path) {
    return URI.create("http://127.0.0.1:" + settings.webHdfs() + path);
  }

  private byte[] get(URI address) {
    return send(HttpRequest.newBuilder(address), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    return Http.send(
        request.timeout(ANSWER).header("Accept", "application/json, */*").build(), body);
  }

  /** Stops the servers, the last started first, and removes their data. */
  @Override
  public void close() {
    while (!servers.isEmpty()) {
      servers.pop().close();
    }
    try (Stream<Path> data = Files.walk(root.resolve("data"))) {
      for (Path path : data.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
