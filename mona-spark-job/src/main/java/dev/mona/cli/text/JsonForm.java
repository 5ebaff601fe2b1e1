package dev.mona.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.StoredJson;
import dev.mona.task.SampleShape;
import java.util.Locale;
import java.util.Map;

/** Parts of the documents that commands print. */
public final class JsonForm {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ASSIGNED = " = ";

  private JsonForm() {}

  /** The document, indented, the last line ended by a line feed. */
  public static String text(JsonNode document) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a JSON form", e);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  /** A number; JSON has none that is not finite, null stands for it. */
  static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  /** Numbers by name, a hyphen in a name as an underscore. */
  static ObjectNode numbers(Map<String, Double> values) {
    ObjectNode node = object();
    values.forEach((name, value) -> number(node, name.replace('-', '_'), value));
    return node;
  }

  /** {@code [C, L]} or {@code [C, H, W]}. */
  static ArrayNode shape(SampleShape shape) {
    ArrayNode sizes = array().add(shape.channels());
    return (shape.isSeries() ? sizes : sizes.add(shape.height())).add(shape.width());
  }

  /** An enum's name as in files and on the command line: lower case, hyphens. */
  static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Settings by key.
   *
   * @param lines {@code key = value}, the value in its canonical form; other lines are left out
   */
  static ObjectNode settings(Iterable<String> lines) {
    ObjectNode settings = object();
    for (String line : lines) {
      int at = line.indexOf(ASSIGNED);
      if (at > 0) {
        settings.set(line.substring(0, at), value(line.substring(at + ASSIGNED.length())));
      }
    }
    return settings;
  }

  private static JsonNode value(String text) {
    try {
      return StoredJson.tree(text);
    } catch (JsonProcessingException e) {
      // a word without quotes, or what stands in a damaged file
      return JSON.getNodeFactory().textNode(text);
    }
  }
}
