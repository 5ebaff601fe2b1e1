package dev.mona.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A running peer: answers one request at a time and rests between them. */
final class Peer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final String name;
  private final String version;
  private final Set<String> steps = new HashSet<>();

  /** Starts the process and waits for its first line. */
  Peer(PeerCommand command, Shape shape) throws IOException {
    process = command.builder(shape).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    JsonNode hello = answer();
    name = hello.path("peer").asText();
    version = hello.path("version").asText();
    hello.path("steps").forEach(step -> steps.add(step.asText()));
    if (hello.path("threads").asInt() != shape.threads()) {
      throw new IOException(
          name + " uses " + hello.path("threads") + " threads instead of " + shape.threads());
    }
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  /** Whether it has this step. */
  boolean has(StepKind kind) {
    return steps.contains(kind.id());
  }

  /** Runs some steps and returns what they took. */
  Measurement time(StepKind kind, int repetition, int steps) throws IOException {
    CpuClock clock = CpuClock.start(process.toHandle());
    requests.write(kind.id() + " " + steps + "\n");
    requests.flush();
    JsonNode answer = answer();
    double foreign = clock.foreignShare();
    double[] seconds = new double[answer.path("seconds").size()];
    if (seconds.length != steps) {
      throw new IOException(name + " answered " + seconds.length + " of " + steps + " steps");
    }
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = answer.path("seconds").get(i).asDouble();
    }
    Measurement.Work work =
        new Measurement.Work(
            answer.path("variant").asText(), seconds, answer.path("checksum").asDouble());
    return new Measurement(name, kind, repetition, work, foreign);
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(
          "a peer ended early; its messages are above: " + process.info().command().orElse("?"));
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() throws IOException {
    requests.close();
    try {
      if (!process.waitFor(Duration.ofSeconds(10).toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
