package dev.mona.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.StandIn;
import dev.mona.StoredJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The values of a config.json. Each family reads its own; what is missing or not supported is
 * collected, so that all problems of a file are told at once.
 */
public final class ConfigJson {
  static final String MODEL_TYPE = "model_type";

  /** Longer than those of ImageNet-22k models, which name 21,841 classes. */
  private static final int MAX_BYTES = 8 << 20;

  private static final JsonMapper MAPPER =
      StoredJson.mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final JsonNode json;
  private final List<String> problems = new ArrayList<>();

  private ConfigJson(JsonNode json) {
    this.json = json;
  }

  static ConfigJson read(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw MonaException.weights(
          where + " is longer than " + MAX_BYTES + " bytes; it is not the config.json of a model");
    }
    StandIn.refuse(MonaException.Category.WEIGHTS, where, bytes);
    JsonNode json;
    try {
      json = MAPPER.readTree(bytes);
    } catch (IOException e) {
      // Not only what is no JSON: also bytes that are no text.
      String reason =
          e instanceof JsonProcessingException problem
              ? problem.getOriginalMessage()
              : String.valueOf(e.getMessage());
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          where + " is not valid JSON: " + Quoted.of(reason) + "; fetch it again",
          e);
    }
    if (!json.isObject()) {
      throw MonaException.weights(where + " is not a JSON object; give the model's config.json");
    }
    return new ConfigJson(json);
  }

  /**
   * The encoder, read by its family.
   *
   * @param where name of the file for messages
   */
  Encoder encoder(String where) {
    Supplier<? extends Encoder> encoder = family().reader().apply(this);
    if (problems.isEmpty()) {
      try {
        return encoder.get();
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    throw MonaException.weights(
        where + " does not describe a supported encoder: " + String.join("; ", problems));
  }

  private EncoderFamily family() {
    return EncoderFamily.all().stream()
        .filter(family -> family.modelTypes().contains(type()))
        .findFirst()
        .orElseGet(() -> new EncoderFamily(List.of(), ConfigJson::ofNoFamily));
  }

  private Supplier<Encoder> ofNoFamily() {
    List<String> types =
        EncoderFamily.all().stream().flatMap(family -> family.modelTypes().stream()).toList();
    int last = types.size() - 1;
    return () -> {
      throw new IllegalArgumentException(
          "%s is %s and must be %s or %s"
              .formatted(
                  MODEL_TYPE,
                  Quoted.of(type()),
                  String.join(", ", types.subList(0, last)),
                  types.get(last)));
    };
  }

  /** The {@code model_type}. */
  String type() {
    return text(MODEL_TYPE, "");
  }

  static void write(Consumer<ObjectNode> values, OutputStream out) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    values.accept(json);
    out.write(MAPPER.writeValueAsBytes(json));
  }

  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** A text; notes a problem unless it is the only one that is supported, or absent. */
  void must(String key, String only) {
    String value = text(key, only);
    if (!value.equals(only)) {
      problems.add(key + " is " + Quoted.of(value) + " and only '" + only + "' is supported");
    }
  }

  /** A flag; notes a problem unless it is the only one that is supported, or absent. */
  void must(String key, boolean only) {
    JsonNode node = json.get(key);
    if (node != null && !(node.isBoolean() && node.booleanValue() == only)) {
      problems.add(
          key + " is " + Quoted.of(node.toString()) + " and only " + only + " is supported");
    }
  }

  /** A number; notes a problem unless it is the only one that is supported, or absent. */
  void must(String key, double only) {
    JsonNode node = json.get(key);
    if (node != null && !(node.isNumber() && node.doubleValue() == only)) {
      problems.add(
          key + " is " + Quoted.of(node.toString()) + " and only " + only + " is supported");
    }
  }

  private String text(String key, String absent) {
    return has(key) ? json.get(key).asText() : absent;
  }

  int size(String key, int absent) {
    return json.has(key) ? size(key) : absent;
  }

  int size(String key) {
    JsonNode node = json.get(key);
    if (node != null && isSize(node)) {
      return node.intValue();
    }
    problems.add(key + (node == null ? " is missing" : " is " + shown(node) + ", not a size"));
    return 0;
  }

  /** A list of sizes. */
  List<Integer> sizes(String key) {
    JsonNode node = json.get(key);
    List<Integer> sizes = new ArrayList<>();
    boolean valid = node != null && node.isArray();
    if (valid) {
      for (JsonNode element : node) {
        valid &= isSize(element);
        sizes.add(element.intValue());
      }
    }
    if (!valid) {
      problems.add(
          key + (node == null ? " is missing" : " is " + shown(node) + ", not a list of sizes"));
    }
    return sizes;
  }

  double number(String key, double absent) {
    JsonNode node = json.get(key);
    if (node == null) {
      return absent;
    }
    if (!node.isNumber()) {
      problems.add(key + " is " + shown(node) + ", not a number");
    }
    return node.doubleValue();
  }

  private static boolean isSize(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
  }

  private static String shown(JsonNode node) {
    return Quoted.of(node.toString());
  }
}
