package dev.mona.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A running peer: answers one request at a time and rests between them. */
final class Peer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAGE_BYTES = 4096;

  /** Of /proc/PID/stat after the name, which may hold blanks: page faults that read no disk. */
  private static final int MINOR_FAULTS = 7;

  private final PeerId id;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final String version;
  private final Set<String> steps = new HashSet<>();

  /** Starts the process and waits for its first line. */
  Peer(PeerCommand command, Shape shape) throws IOException {
    id = command.peer();
    process = command.builder(shape).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    JsonNode hello = answer();
    version = hello.path("version").asText();
    hello.path("steps").forEach(step -> steps.add(step.asText()));
    if (hello.path("threads").asInt() != shape.threads()) {
      throw new IOException(
          id.title() + " has " + hello.path("threads") + " threads instead of " + shape.threads());
    }
  }

  PeerId id() {
    return id;
  }

  /** Its libraries with their versions. */
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
    JsonNode answer = ask(kind, steps);
    double foreign = clock.foreignShare();
    double[] seconds = new double[answer.path("seconds").size()];
    if (seconds.length != steps) {
      throw new IOException(id.title() + " ran " + seconds.length + " of " + steps + " steps");
    }
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = answer.path("seconds").get(i).asDouble();
    }
    Measurement.Work work =
        new Measurement.Work(
            answer.path("variant").asText(), seconds, answer.path("checksum").asDouble());
    return new Measurement(id, kind, repetition, work, foreign);
  }

  /** Runs one step and counts; for peers that were started to {@link PeerCommand.Purpose#COUNT}. */
  Counts count(StepKind kind) throws IOException {
    long before = minorFaults();
    JsonNode answer = ask(kind, 1);
    Map<String, Long> counts = new TreeMap<>();
    counts.put(Counts.NATIVE_BYTES, (minorFaults() - before) * PAGE_BYTES);
    answer
        .path("counts")
        .fields()
        .forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asLong()));
    return new Counts(id, kind, counts);
  }

  private long minorFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[MINOR_FAULTS]);
  }

  private JsonNode ask(StepKind kind, int steps) throws IOException {
    requests.write(kind.id() + " " + steps + "\n");
    requests.flush();
    return answer();
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(id.title() + " ended early; its messages are above");
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
