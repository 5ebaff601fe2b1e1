package dev.mona.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mona.MonaException;
import dev.mona.StoredJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a run's outputs come from, as {@code provenance.json}. */
public final class Provenance {
  private static final JsonMapper JSON =
      StoredJson.mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final int LARGEST_FILE = 1 << 20;

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

  /**
   * Reads the facts of a run.
   *
   * @throws MonaException of the category {@code STORAGE} when they are missing or damaged
   */
  public static JsonNode read(RunDirectory run) {
    byte[] json =
        run.read(RunDirectory.PROVENANCE, (in, length) -> in.readNBytes(LARGEST_FILE + 1));
    JsonNode facts = json.length > LARGEST_FILE ? MissingNode.getInstance() : tree(json);
    if (!facts.isObject()) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          run.location(RunDirectory.PROVENANCE)
              + " is not the JSON object of a run: put it back as it was, or start a new run");
    }
    return facts;
  }

  /** The facts as {@link #write} takes them. */
  public static Map<String, Object> fields(JsonNode facts) {
    return JSON.convertValue(facts, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
