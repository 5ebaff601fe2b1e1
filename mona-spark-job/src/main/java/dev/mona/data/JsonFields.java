package dev.mona.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.ByteOrderMark;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.StandIn;
import dev.mona.StoredJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Fields of a JSON object from outside. A field that is missing or of the wrong kind adds a problem
 * to a list that all objects of a document share, and reads as a harmless value; the document is
 * refused once, at the end, with all of its problems.
 */
public final class JsonFields {
  private final ObjectNode node;
  private final String prefix;
  private final List<String> problems;
  private final Set<String> read = new HashSet<>();

  private JsonFields(ObjectNode node, String prefix, List<String> problems) {
    this.node = node;
    this.prefix = prefix;
    this.problems = problems;
  }

  /**
   * The bytes of a document.
   *
   * @param limit the most it may have
   * @param absent what to do when there is no such file, for the message
   */
  public static byte[] bytes(FileSystem files, Path path, int limit, String absent)
      throws IOException {
    try (InputStream in = files.open(path)) {
      byte[] json = in.readNBytes(limit + 1);
      if (json.length > limit) {
        throw MonaException.data(
            path + " is longer than the " + limit + " bytes it may have: shorten it");
      }
      return json;
    } catch (FileNotFoundException e) {
      throw new MonaException(MonaException.Category.DATA, path + " does not exist: " + absent, e);
    }
  }

  /** Parses a document that must be an object. */
  public static JsonFields parse(byte[] json, String where) {
    StandIn.refuse(MonaException.Category.DATA, where, json);
    try {
      if (StoredJson.tree(text(json, where)) instanceof ObjectNode object) {
        return new JsonFields(object, "", new ArrayList<>());
      }
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          where + " is not valid JSON: " + Quoted.of(e.getOriginalMessage()),
          e);
    }
    throw MonaException.data(where + " is not a JSON object");
  }

  /** UTF-8, perhaps with a byte order mark; another charset is refused, not read as signs. */
  private static String text(byte[] json, String where) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(ByteOrderMark.without(json)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MonaException(
          MonaException.Category.DATA, where + " is not text in UTF-8: save it in UTF-8", e);
    }
  }

  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  public String text(String field, String pattern, String meaning) {
    JsonNode value = get(field);
    if (value.isTextual() && value.textValue().matches(pattern)) {
      return value.textValue();
    }
    problem(field, "must be " + meaning, value);
    return "";
  }

  /** Free text for people, bounded. */
  public String prose(String field) {
    return text(field, "(?s).{1,4000}", "text of 1 to 4000 characters");
  }

  public long integer(String field, long min, long max) {
    JsonNode value = get(field);
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.longValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    problem(field, "must be a whole number from " + min + " to " + max, value);
    return min;
  }

  public List<String> texts(String field, int max) {
    JsonNode value = get(field);
    List<String> result = new ArrayList<>();
    boolean fine = value.isArray() && value.size() <= max;
    for (int i = 0; fine && i < value.size(); i++) {
      fine = value.get(i).isTextual() && value.get(i).textValue().length() <= 200;
      result.add(value.get(i).asText());
    }
    if (!fine) {
      problem(field, "must be a list of at most " + max + " texts of 200 characters", value);
      return List.of();
    }
    return result;
  }

  List<Double> numbers(String field, int size) {
    JsonNode value = get(field);
    List<Double> result = new ArrayList<>();
    boolean fine = value.isArray() && value.size() == size;
    for (int i = 0; fine && i < size; i++) {
      fine = value.get(i).isNumber() && Double.isFinite(value.get(i).doubleValue());
      result.add(value.get(i).doubleValue());
    }
    if (!fine) {
      problem(field, "must be a list of " + size + " numbers", value);
      return List.of();
    }
    return result;
  }

  public JsonFields object(String field) {
    if (get(field) instanceof ObjectNode object) {
      return new JsonFields(object, prefix + field + ".", problems);
    }
    problem(field, "must be an object", get(field));
    return new JsonFields(JsonNodeFactory.instance.objectNode(), prefix + field + ".", problems);
  }

  /** Objects of a list that has at least one. */
  List<JsonFields> objects(String field, int max) {
    JsonNode value = get(field);
    List<JsonFields> result = new ArrayList<>();
    boolean fine = value.isArray() && value.size() >= 1 && value.size() <= max;
    for (int i = 0; fine && i < value.size(); i++) {
      fine = value.get(i) instanceof ObjectNode;
      if (value.get(i) instanceof ObjectNode object) {
        result.add(new JsonFields(object, prefix + field + "[" + i + "].", problems));
      }
    }
    if (!fine) {
      problem(field, "must be a list of 1 to " + max + " objects", value);
      return List.of();
    }
    return result;
  }

  /** Adds a problem found by the caller. */
  public void problem(String sentence) {
    problems.add(sentence);
  }

  /** Every field that was not asked for is a problem. */
  void refuseUnknown() {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!read.contains(field)) {
                problems.add("the field " + Quoted.of(prefix + field) + " is unknown");
              }
            });
  }

  /** Refuses the document if it has problems. */
  public void check(String where, String advice) {
    if (!problems.isEmpty()) {
      throw MonaException.data(where + ": " + String.join("; ", problems) + ": " + advice);
    }
  }

  private JsonNode get(String field) {
    read.add(field);
    return node.path(field);
  }

  private void problem(String field, String wanted, JsonNode value) {
    problems.add(
        prefix
            + field
            + " "
            + wanted
            + (value.isMissingNode() ? ", is missing" : ", is " + Quoted.of(value.toString())));
  }
}
