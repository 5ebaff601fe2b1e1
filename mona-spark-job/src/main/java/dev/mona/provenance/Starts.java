package dev.mona.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.events.StopReason;
import dev.mona.storage.Attempt;
import dev.mona.storage.Provenance;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code provenance.json} of a run: the facts of its first start, and under {@code starts} one
 * entry for each. The entry of a start that was killed has no end.
 */
public final class Starts {
  private static final Logger log = LoggerFactory.getLogger(Starts.class);
  static final String STARTS = "starts";
  private static final String STOP_REASON = "stop_reason";
  private static final String FAILED = "FAILED";

  private final RunDirectory run;
  private final Map<String, Object> facts;
  private final Map<String, Object> entry;

  private Starts(RunDirectory run, Map<String, Object> facts, Map<String, Object> entry) {
    this.run = run;
    this.facts = facts;
    this.entry = entry;
  }

  /** The facts of a run that was started before; none if it came to nothing. */
  public static Optional<JsonNode> facts(RunDirectory run) {
    return run.exists(RunDirectory.PROVENANCE)
        ? Optional.of(Provenance.read(run))
        : Optional.empty();
  }

  /**
   * Writes down that a start begins.
   *
   * @param before what {@link #facts} gave
   * @param first the facts, if this is the first start
   */
  public static Starts begin(
      RunDirectory run,
      Optional<JsonNode> before,
      Map<String, Object> first,
      JavaSparkContext spark,
      Parallelism parallelism) {
    Map<String, Object> facts = new LinkedHashMap<>(before.map(Provenance::fields).orElse(first));
    List<Object> starts = new ArrayList<>();
    if (facts.get(STARTS) instanceof List<?> earlier) {
      starts.addAll(earlier);
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    Attempt attempt = run.attempt();
    entry.put("attempt", attempt.id());
    entry.put("mona_version", Version.current());
    entry.put("host", attempt.host());
    entry.put("application", attempt.application());
    // the driver is among them
    entry.put("executors", Math.max(1, spark.sc().statusTracker().getExecutorInfos().length - 1));
    entry.put("cores", spark.defaultParallelism());
    parallelism.describe(entry);
    entry.put("began", now());
    starts.add(entry);
    facts.put(STARTS, starts);
    facts.remove(STOP_REASON); // that of an earlier start, which is not the end
    Provenance.write(run, facts);
    return new Starts(run, facts, entry);
  }

  /**
   * Writes down how the workers of this start are averaged, which changes no byte of the result.
   */
  public void averaged(String transport, String because) {
    entry.put("averaging_transport", transport);
    entry.put("averaging_transport_because", because);
    Provenance.write(run, facts);
  }

  /** Writes down that the warm-up was taken over from another run of the same one. */
  public void warmedUpBy(String other) {
    entry.put("warmup_from", other);
    Provenance.write(run, facts);
  }

  /**
   * Whether two runs were made of the same inputs by the same program and in as many parts and
   * threads, in all their starts: what their configurations let be equal is equal to the byte.
   *
   * @param one facts of a run
   * @param other facts of another one
   */
  public static boolean computedAlike(JsonNode one, JsonNode other) {
    return deciding(one).equals(deciding(other)) && steady(one) && steady(other);
  }

  private static JsonNode deciding(JsonNode facts) {
    ObjectNode left = facts.deepCopy();
    return left.remove(List.of("config_sha256", "method", STARTS, STOP_REASON));
  }

  /** Whether no start changed what the first one was told. */
  private static boolean steady(JsonNode facts) {
    for (JsonNode start : facts.path(STARTS)) {
      for (String name : List.of("mona_version", "partitions")) {
        if (!start.path(name).equals(facts.path(name))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Writes down how this start ended.
   *
   * @param seconds training so far, over all starts
   */
  public void end(String stopReason, double seconds) {
    entry.put("ended", now());
    entry.put("trained_seconds", seconds);
    entry.put(STOP_REASON, stopReason);
    facts.put(STOP_REASON, stopReason);
    Provenance.write(run, facts);
  }

  /**
   * Writes down that it ended without a result, if that can be written.
   *
   * @param stopped whether its end was asked for; otherwise it failed
   */
  public void breakOff(boolean stopped) {
    if (entry.containsKey("ended")) {
      return;
    }
    entry.put("ended", now());
    entry.put(STOP_REASON, stopped ? StopReason.STOPPED.name() : FAILED);
    try {
      Provenance.write(run, facts);
    } catch (RuntimeException e) {
      log.warn("event=end-not-recorded cause={}", e.toString());
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
