package dev.mona.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.events.RunStarted;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * A run on a tracking server of MLflow, in an experiment with the name of its task. A run that goes
 * on, goes on there too: it is found by its directory and its configuration. What an earlier start
 * told of later rounds stays beside what is told of them again.
 */
public final class Mlflow implements Tracker {
  private static final JsonMapper JSON = new JsonMapper();

  /** Names the experiment for all clients of MLflow. */
  private static final String EXPERIMENT = "MLFLOW_EXPERIMENT_NAME";

  private static final String DIRECTORY = "mona.directory";
  private static final String CONFIGURATION = "mona.config_sha256";

  // limits of servers before MLflow 2.0, too
  private static final int PARAMS = 100;
  private static final int LONGEST = 500;

  private static final List<String> ARTEFACTS =
      List.of(
          RunDirectory.REPORT + "/index.html",
          RunDirectory.METRICS + "/summary.json",
          RunDirectory.FINETUNED + "/README.md",
          RunDirectory.PROVENANCE,
          RunDirectory.CONFIG);

  private static final int LARGEST = 1 << 26;

  private final MlflowServer server;
  private final Map<String, String> environment;
  private final Settings settings;
  private final Configuration hadoop;
  private final Clock clock = Clock.systemUTC();
  private String directory = "";
  private String id = "";
  private String artefacts = "";

  /**
   * What a run was asked to compute.
   *
   * @param values by key
   * @param hash over them
   */
  public record Settings(Map<String, String> values, String hash) {
    public Settings {
      values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
  }

  /**
   * Without a run.
   *
   * @param address of the server
   * @param environment has what MLflow's own clients read from it: login and experiment
   * @param settings become params
   * @param hadoop opens the run's directory
   */
  public Mlflow(
      String address, Map<String, String> environment, Settings settings, Configuration hadoop) {
    this.server = new MlflowServer(address, environment, MlflowServer.ANSWERED);
    this.environment = Map.copyOf(environment);
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public String name() {
    return "mlflow";
  }

  @Override
  public void start(RunStarted run, long after) throws IOException {
    directory = run.directory();
    String experiment = experiment(environment.getOrDefault(EXPERIMENT, run.task()));
    if (id.isEmpty() && after > 0) { // another directory of the same name is another run
      id = earlier(experiment);
    }
    JsonNode info = id.isEmpty() ? create(experiment, run) : update(id, "RUNNING", 0);
    id = info.path("run_id").asText();
    artefacts = info.path("artifact_uri").asText();
    ObjectNode params = batch();
    for (Map.Entry<String, String> setting : settings.values().entrySet()) {
      String value = setting.getValue().replaceFirst("^\"(.*)\"$", "$1");
      params
          .withArray("params")
          .addObject()
          .put("key", setting.getKey())
          .put("value", value.length() > LONGEST ? value.substring(0, LONGEST) : value);
      if (params.withArray("params").size() == PARAMS) {
        send(params);
        params = batch();
      }
    }
    if (params.has("params")) {
      send(params);
    }
  }

  private String experiment(String name) throws IOException {
    try {
      return named(name);
    } catch (MlflowServer.Refused e) {
      if (!e.isMissing()) {
        throw e;
      }
    }
    try {
      JsonNode made = server.post("experiments/create", JSON.createObjectNode().put("name", name));
      return made.path("experiment_id").asText();
    } catch (MlflowServer.Refused e) {
      if (e.isTaken()) { // another run made it meanwhile
        return named(name);
      }
      throw e;
    }
  }

  private String named(String name) throws IOException {
    return server
        .get("experiments/get-by-name", "experiment_name", name)
        .path("experiment")
        .path("experiment_id")
        .asText();
  }

  /** The run of an earlier start; empty without one. */
  private String earlier(String experiment) throws IOException {
    if (directory.indexOf('\'') >= 0) {
      return ""; // no letter that a filter could hold
    }
    ObjectNode search = JSON.createObjectNode().put("max_results", 1);
    search.putArray("experiment_ids").add(experiment);
    search.put(
        "filter",
        "tags.`%s` = '%s' and tags.`%s` = '%s' and attributes.status != 'FINISHED'"
            .formatted(DIRECTORY, directory, CONFIGURATION, settings.hash()));
    JsonNode found = server.post("runs/search", search).path("runs").path(0);
    return found.path("info").path("run_id").asText();
  }

  private JsonNode create(String experiment, RunStarted run) throws IOException {
    ObjectNode create =
        JSON.createObjectNode()
            .put("experiment_id", experiment)
            .put("run_name", directory.substring(directory.lastIndexOf('/') + 1))
            .put("start_time", clock.millis());
    ArrayNode tags = create.putArray("tags");
    tag(tags, DIRECTORY, directory);
    tag(tags, CONFIGURATION, settings.hash());
    tag(tags, "mona.task", run.task());
    tag(tags, "mona.method", run.method());
    tag(tags, "mona.seed", String.valueOf(run.seed()));
    return server.post("runs/create", create).path("run").path("info");
  }

  private static void tag(ArrayNode tags, String key, String value) {
    tags.addObject().put("key", key).put("value", value);
  }

  private JsonNode update(String run, String status, long ended) throws IOException {
    ObjectNode update = JSON.createObjectNode().put("run_id", run).put("status", status);
    if (ended > 0) {
      update.put("end_time", ended);
    }
    return server.post("runs/update", update).path("run_info");
  }

  private ObjectNode batch() {
    return JSON.createObjectNode().put("run_id", id);
  }

  private void send(ObjectNode batch) throws IOException {
    JsonNode unused = server.post("runs/log-batch", batch);
  }

  @Override
  public void add(List<Scalar> values) throws IOException {
    ObjectNode batch = batch();
    for (Scalar value : values) {
      batch
          .withArray("metrics")
          .addObject()
          .put("key", value.name())
          .put("value", value.value())
          .put("timestamp", value.millis())
          .put("step", value.step());
    }
    send(batch);
  }

  /** The status comes first: a store of artefacts may be out of reach when the server is not. */
  @Override
  public void end(Outcome outcome) throws IOException {
    JsonNode unused = update(id, outcome.name(), clock.millis());
    URI store = URI.create(artefacts);
    if (outcome == Outcome.FINISHED && "mlflow-artifacts".equals(store.getScheme())) {
      try (RunDirectory run = RunDirectory.open(directory, hadoop)) {
        for (String name : ARTEFACTS) {
          if (run.exists(name)) {
            byte[] content = run.read(name, (in, length) -> in.readNBytes(LARGEST));
            server.put(store.getPath() + "/" + name, content);
          }
        }
      }
    }
  }

  @Override
  public void close() {}
}
