package dev.mona.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Calls of MLflow's REST API, version 2.0, each of a bounded time. */
final class MlflowServer {
  private static final Duration CONNECTED = Duration.ofSeconds(3);
  private static final Duration ANSWERED = Duration.ofSeconds(10);
  private static final int LARGEST = 1 << 22;
  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTEFACTS = "/api/2.0/mlflow-artifacts/artifacts";

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECTED)
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final String address;
  private final String authorization;

  /**
   * A server that nothing is asked of yet.
   *
   * @param address {@code http://host:port}, perhaps with a path
   * @param environment has the login, by the names of MLflow's own clients: {@code
   *     MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}, or {@code
   *     MLFLOW_TRACKING_TOKEN}
   */
  MlflowServer(String address, Map<String, String> environment) {
    this.address = address.replaceFirst("/+$", "");
    this.authorization = authorization(environment);
  }

  private static String authorization(Map<String, String> environment) {
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    String password = environment.get("MLFLOW_TRACKING_PASSWORD");
    String token = environment.get("MLFLOW_TRACKING_TOKEN");
    if (user != null && password != null) {
      byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }
    return token == null ? "" : "Bearer " + token;
  }

  /** A request that was answered, and not with what was asked for. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    private final String code;

    private Refused(String what, int status, String code, String message) {
      super(
          "%s was answered with %s %s: %s"
              .formatted(what, Integer.toString(status), code, message));
      this.code = code;
    }

    /** Whether what was named is not there. */
    boolean isMissing() {
      return code.equals("RESOURCE_DOES_NOT_EXIST");
    }

    /** Whether what was to be made is there. */
    boolean isTaken() {
      return code.equals("RESOURCE_ALREADY_EXISTS");
    }
  }

  JsonNode get(String call, String key, String value) throws IOException {
    String query = "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    return answer(call, request(API + call + query).GET());
  }

  JsonNode post(String call, JsonNode body) throws IOException {
    BodyPublisher content = BodyPublishers.ofString(body.toString());
    return answer(
        call, request(API + call).header("Content-Type", "application/json").POST(content));
  }

  /**
   * Stores an artefact by way of the server.
   *
   * @param path within the server's store, with a slash before it
   */
  void put(String path, byte[] content) throws IOException {
    JsonNode unused =
        answer("artifacts", request(ARTEFACTS + path).PUT(BodyPublishers.ofByteArray(content)));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(ANSWERED)
            .header("User-Agent", "mona");
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private JsonNode answer(String what, HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      String text;
      try (InputStream body = response.body()) {
        text = new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8);
      }
      if (response.statusCode() / 100 != 2) {
        throw refused(what, response.statusCode(), text);
      }
      return StoredJson.tree(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the run has ended");
    }
  }

  private static Refused refused(String what, int status, String text) {
    try {
      JsonNode answer = StoredJson.tree(text);
      return new Refused(
          what, status, answer.path("error_code").asText(), answer.path("message").asText());
    } catch (IOException e) {
      return new Refused(what, status, "", text); // a proxy's page
    }
  }
}
