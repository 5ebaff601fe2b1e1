package dev.mona.example;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gauges of the plugin on a page of Spark's Prometheus servlet.
 *
 * @param gauges values by name, without application and plugin
 */
public record PrometheusPage(Map<String, Double> gauges) {
  private static final Pattern GAUGE =
      Pattern.compile(
          "metrics_\\w+?_driver_plugin_dev_mona_gauges_MonaPlugin_(\\w+)_Value"
              + "\\{type=\"gauges\"} (\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .connectTimeout(PATIENCE)
          .build();

  public static PrometheusPage of(String ui) throws IOException, InterruptedException {
    Map<String, Double> gauges = new TreeMap<>();
    Matcher lines = GAUGE.matcher(get(ui + "/metrics/prometheus"));
    while (lines.find()) {
      gauges.put(lines.group(1), Double.valueOf(lines.group(2)));
    }
    return new PrometheusPage(gauges);
  }

  public double value(String gauge) {
    return gauges.getOrDefault(gauge, Double.NaN);
  }

  /** The body of a page, redirects followed. */
  public static String get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(url + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }
}
