package dev.mona.deploy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks servers of this machine; redirects are followed. */
public final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(30))
          .build();

  private Http() {}

  /**
   * The body of a good answer.
   *
   * @throws UncheckedIOException around a {@link FileNotFoundException} for code 404, and around
   *     another {@link IOException} for any other code but 200, or when nobody answers
   */
  public static <T> T send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      HttpResponse<T> response = CLIENT.send(request, body);
      String asked = request.method() + " " + response.uri();
      if (response.statusCode() == 404) {
        throw new FileNotFoundException(asked + " does not exist");
      }
      if (response.statusCode() != 200) {
        throw new IOException(asked + " answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
