package dev.mona.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Calls of MLflow's REST API, version 2.0, each of a bounded time. */
final class MlflowServer {
  private static final Duration CONNECTED = Duration.ofSeconds(3);
  static final Duration ANSWERED = Duration.ofSeconds(20);
  private static final int LARGEST = 1 << 22;
  private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");
  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTEFACTS = "/api/2.0/mlflow-artifacts/artifacts";

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECTED)
          .proxy(HttpClient.Builder.NO_PROXY)
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Duration longest;
  private final String address;
  private final String authorization;

  /**
   * A server that nothing is asked of yet.
   *
   * @param address {@code http://host:port}, perhaps with a path
   * @param environment has the login, by the names of MLflow's own clients: {@code
   *     MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}, or {@code
   *     MLFLOW_TRACKING_TOKEN}
   * @param longest time of a call
   */
  MlflowServer(String address, Map<String, String> environment, Duration longest) {
    this.longest = longest;
    this.address = address.replaceFirst("/+$", "");
    this.authorization = authorization(environment);
  }

  private static String authorization(Map<String, String> environment) {
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    String password = environment.get("MLFLOW_TRACKING_PASSWORD");
    String token = environment.get(TOKEN);
    if (user != null && password != null) {
      byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }
    return token == null ? "" : "Bearer " + token.strip(); // files end with a line feed
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

  private HttpRequest.Builder request(String path) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path)).header("User-Agent", "mona");
    if (!PRINTABLE.matcher(authorization).matches()) {
      // the client would name it in its message
      throw new IOException(TOKEN + " has characters that no header holds: set it anew");
    }
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private JsonNode answer(String what, HttpRequest.Builder request) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    // the time limit of a request ends with the headers, and send() waits for the body for ever
    CompletableFuture<HttpResponse<Void>> sent =
        client.sendAsync(
            request.build(),
            BodyHandlers.ofByteArrayConsumer(
                part ->
                    part.filter(bytes -> body.size() + bytes.length <= LARGEST)
                        .ifPresent(body::writeBytes)));
    try {
      int status = sent.get(longest.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      String text = body.toString(StandardCharsets.UTF_8);
      if (status / 100 != 2) {
        throw refused(what, status, text);
      }
      return StoredJson.tree(text);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new IOException(what + " was not answered within " + longest.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      sent.cancel(true);
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
