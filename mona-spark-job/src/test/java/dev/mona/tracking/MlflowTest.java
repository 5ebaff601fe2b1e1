package dev.mona.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mona.StoredJson;
import dev.mona.events.RunStarted;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of a server; {@code cli.TrackingIT} asks a real one. */
class MlflowTest {
  private static final RunStarted RUN = new RunStarted("hdfs://h/runs/a", "waves", "mona", 3);

  /** A request as the server gets it. */
  private record Asked(String call, String authorization, JsonNode body) {}

  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, String> answers = new TreeMap<>();
  private HttpServer server = none();

  private static HttpServer none() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
    answers.put("experiments/get-by-name", "{\"experiment\":{\"experiment_id\":\"7\"}}");
    answers.put("runs/search", "{}");
    answers.put(
        "runs/create",
        "{\"run\":{\"info\":{\"run_id\":\"r1\",\"artifact_uri\":\"s3://bucket/7/r1\"}}}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String call = path.substring("/api/2.0/mlflow/".length());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(new Asked(call, authorization == null ? "" : authorization, StoredJson.tree(body)));
    String text = answers.getOrDefault(call, "{}");
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(text.contains("error_code") ? 400 : 200, content.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content);
    }
  }

  private Mlflow mlflow(Map<String, String> environment, Map<String, String> settings) {
    String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    return new Mlflow(
        address, environment, new Mlflow.Settings(settings, "abc"), new Configuration());
  }

  private List<JsonNode> bodies(String call) {
    return asked.stream().filter(a -> a.call().equals(call)).map(Asked::body).toList();
  }

  @Test
  void loginsAreThoseOfMlflowsOwnClients() throws IOException {
    mlflow(Map.of("MLFLOW_TRACKING_TOKEN", "t0\n"), Map.of()).start(RUN, 0);
    assertThat(asked).extracting(Asked::authorization).containsOnly("Bearer t0");
    asked.clear();
    Map<String, String> both =
        Map.of(
            "MLFLOW_TRACKING_USERNAME", "Aladdin",
            "MLFLOW_TRACKING_PASSWORD", "open sesame",
            "MLFLOW_TRACKING_TOKEN", "t0");
    mlflow(both, Map.of()).start(RUN, 0);
    // the example of RFC 7617
    assertThat(asked)
        .extracting(Asked::authorization)
        .containsOnly("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    asked.clear();
    mlflow(Map.of(), Map.of()).start(RUN, 0);
    assertThat(asked).extracting(Asked::authorization).containsOnly("");
  }

  @Test
  void paramsKeepToTheLimits() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < 150; i++) {
      settings.put("key-" + i, "v".repeat(i == 0 ? 501 : 1));
    }
    mlflow(Map.of(), settings).start(RUN, 0);
    List<JsonNode> batches = bodies("runs/log-batch");
    assertThat(batches).extracting(b -> b.path("params").size()).containsExactly(100, 50);
    assertThat(batches.get(0).path("params").path(0).path("value").asText()).hasSize(500);
    assertThat(bodies("runs/create").get(0).path("run_name").asText()).isEqualTo("a");
    assertThat(bodies("runs/create").get(0).path("tags").toString())
        .contains("{\"key\":\"mona.directory\",\"value\":\"hdfs://h/runs/a\"}");
  }

  /** A store that the server does not serve: the directory's address is there as a tag. */
  @Test
  void artefactsOfAnotherStoreStayWhereTheyAre() throws IOException {
    try (Mlflow mlflow = mlflow(Map.of(), Map.of())) {
      mlflow.start(RUN, 0);
      mlflow.add(List.of(new Scalar("scores/probe_error", 4, 0.25, 1000)));
      mlflow.end(Outcome.FINISHED);
    }
    assertThat(bodies("runs/log-batch").get(0).path("metrics").toString())
        .isEqualTo(
            "[{\"key\":\"scores/probe_error\",\"value\":0.25,\"timestamp\":1000,\"step\":4}]");
    assertThat(bodies("runs/update").get(0).path("status").asText()).isEqualTo("FINISHED");
    assertThat(asked.get(asked.size() - 1).call()).isEqualTo("runs/update");
  }

  @Test
  void aRefusalIsOneSentence() {
    answers.put(
        "runs/create",
        "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"not in this experiment\"}");
    try (Mlflow mlflow = mlflow(Map.of("MLFLOW_TRACKING_TOKEN", "t0"), Map.of())) {
      assertThatThrownBy(() -> mlflow.start(RUN, 0))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "runs/create was answered with 400 PERMISSION_DENIED: not in this experiment");
    }
  }

  /** The client's own message would hold it. */
  @Test
  void aTokenIsInNoMessage() {
    try (Mlflow mlflow = mlflow(Map.of("MLFLOW_TRACKING_TOKEN", "key\nkey"), Map.of())) {
      assertThatThrownBy(() -> mlflow.start(RUN, 0))
          .isInstanceOf(IOException.class)
          .hasMessage("MLFLOW_TRACKING_TOKEN has characters that no header holds: set it anew");
    }
    assertThat(asked).isEmpty();
  }

  /** Only a run that goes on takes up what is there of its directory. */
  @Test
  void aNewRunIsANewRunThere() throws IOException {
    answers.put("runs/search", "{\"runs\":[{\"info\":{\"run_id\":\"r0\"}}]}");
    answers.put("runs/update", "{\"run_info\":{\"run_id\":\"r0\",\"artifact_uri\":\"s3://b\"}}");
    mlflow(Map.of(), Map.of()).start(RUN, 0);
    assertThat(bodies("runs/create")).hasSize(1);
    assertThat(bodies("runs/search")).isEmpty();
    mlflow(Map.of(), Map.of()).start(RUN, 5);
    assertThat(bodies("runs/create")).hasSize(1);
    assertThat(bodies("runs/update").get(0).path("run_id").asText()).isEqualTo("r0");
  }

  /** Headers, and then nothing. */
  @Test
  void aServerThatStallsIsGivenUp() {
    server.createContext(
        "/api/2.0/mlflow/experiments/get-by-name",
        exchange -> exchange.sendResponseHeaders(200, 100));
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    MlflowServer stalled = new MlflowServer(address, Map.of(), Duration.ofSeconds(1));
    assertThatThrownBy(() -> stalled.get("experiments/get-by-name", "experiment_name", "waves"))
        .isInstanceOf(IOException.class)
        .hasMessage("experiments/get-by-name was not answered within 1 s");
  }
}
