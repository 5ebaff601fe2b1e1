package dev.mona.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;

/** Where a run's outputs come from, as {@code provenance.json}. */
public final class Provenance {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Provenance() {}

  /**
   * Writes the facts in the map's order.
   *
   * @param facts strings, numbers, booleans, lists and maps of these
   */
  public static FileDigest write(RunDirectory run, Map<String, ?> facts) {
    try {
      return run.writeText(RunDirectory.PROVENANCE, JSON.writeValueAsString(facts) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("facts that have no JSON form: " + facts, e);
    }
  }
}
