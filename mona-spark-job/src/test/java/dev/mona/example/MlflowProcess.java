package dev.mona.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * {@code mlflow server} with SQLite and a store of artefacts that it serves itself.
 *
 * @param process of the command; the server is a child of it
 * @param folder where it logs and keeps all
 * @param address where it listens
 */
public record MlflowProcess(Process process, Path folder, String address) implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Starts one on a free port of this machine. */
  public static MlflowProcess start(Python python, Path folder) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path program = Objects.requireNonNull(python.program().getParent()).resolve("mlflow");
    Assumptions.assumeTrue(Files.isExecutable(program), "this Python has no MLflow");
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "server",
            "--backend-store-uri=sqlite:///" + folder.resolve("mlflow.db"),
            "--artifacts-destination=" + folder.resolve("artefacts"),
            "--host=127.0.0.1",
            "--port=" + port,
            "--workers=1",
            "--gunicorn-opts=--timeout 120");
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("log").toFile());
    return new MlflowProcess(builder.start(), folder, "http://127.0.0.1:" + port);
  }

  /** Waits until it answers. */
  public void await() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!answers()) {
      String log = Files.readString(folder.resolve("log"));
      assertThat(process.isAlive()).as(log).isTrue();
      assertThat(System.nanoTime()).as(log).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/health")).build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Name and status of each run of an experiment. */
  public List<String> statuses(String experiment) throws IOException, InterruptedException {
    String api = address + "/api/2.0/mlflow/";
    String found =
        text(
            HttpRequest.newBuilder(
                URI.create(api + "experiments/get-by-name?experiment_name=" + experiment)));
    String id = StoredJson.tree(found).path("experiment").path("experiment_id").asText();
    String body = "{\"experiment_ids\":[\"" + id + "\"]}";
    JsonNode runs =
        StoredJson.tree(
                text(
                    HttpRequest.newBuilder(URI.create(api + "runs/search"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))))
            .path("runs");
    List<String> statuses = new ArrayList<>();
    for (JsonNode run : runs) {
      JsonNode info = run.path("info");
      statuses.add(info.path("run_name").asText() + " " + info.path("status").asText());
    }
    return statuses;
  }

  private static String text(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** Ends it at once, as a machine does that is switched off. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
