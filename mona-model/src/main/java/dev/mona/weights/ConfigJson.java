package dev.mona.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Hugging Face config.json of a text encoder. Sizes must be there; what has one default for
 * both families may be absent. All problems of a file are told at once.
 */
final class ConfigJson {
  private static final int MAX_BYTES = 1 << 20;
  private static final double DEFAULT_EPSILON = 1e-12;

  private static final String MODEL_TYPE = "model_type";
  private static final String VOCABULARY = "vocab_size";
  private static final String WIDTH = "hidden_size";
  private static final String LAYERS = "num_hidden_layers";
  private static final String HEADS = "num_attention_heads";
  private static final String FEED_FORWARD = "intermediate_size";
  private static final String POSITIONS = "max_position_embeddings";
  private static final String TOKEN_TYPES = "type_vocab_size";
  private static final String EPSILON = "layer_norm_eps";
  private static final String PADDING = "pad_token_id";
  private static final String ACTIVATION = "hidden_act";
  private static final String POSITION_KIND = "position_embedding_type";

  private static final Map<String, TextEncoderKind> KINDS =
      Map.of(
          "bert", TextEncoderKind.BERT,
          "roberta", TextEncoderKind.ROBERTA,
          "xlm-roberta", TextEncoderKind.ROBERTA,
          "camembert", TextEncoderKind.ROBERTA);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final JsonNode json;
  private final List<String> problems = new ArrayList<>();

  private ConfigJson(JsonNode json) {
    this.json = json;
  }

  static TextEncoderConfig read(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw MonaException.weights(
          where + " is longer than " + MAX_BYTES + " bytes; it is not the config.json of a model");
    }
    JsonNode json;
    try {
      json = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.WEIGHTS,
          where + " is not valid JSON: " + Quoted.of(e.getOriginalMessage()) + "; fetch it again",
          e);
    }
    if (!json.isObject()) {
      throw MonaException.weights(where + " is not a JSON object; give the model's config.json");
    }
    return new ConfigJson(json).config(where);
  }

  static void write(TextEncoderConfig config, OutputStream out) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.putArray("architectures").add(config.kind().architecture());
    json.put(MODEL_TYPE, config.kind().modelType());
    json.put(VOCABULARY, config.vocabularySize());
    json.put(WIDTH, config.hiddenWidth());
    json.put(LAYERS, config.layers());
    json.put(HEADS, config.heads());
    json.put(FEED_FORWARD, config.feedForwardWidth());
    json.put(POSITIONS, config.maxPositions());
    json.put(TOKEN_TYPES, config.tokenTypes());
    json.put(EPSILON, config.layerNormEpsilon());
    json.put(PADDING, Math.max(config.positionOffset() - 1, 0));
    json.put(ACTIVATION, "gelu");
    json.put(POSITION_KIND, "absolute");
    out.write(MAPPER.writeValueAsBytes(json));
  }

  private TextEncoderConfig config(String where) {
    String type = text(MODEL_TYPE, "");
    TextEncoderKind kind = KINDS.get(type);
    if (kind == null) {
      problems.add(MODEL_TYPE + " is " + Quoted.of(type) + " and must be bert or roberta");
    }
    must(ACTIVATION, "gelu");
    must(POSITION_KIND, "absolute");
    int vocabulary = size(VOCABULARY);
    int width = size(WIDTH);
    int layers = size(LAYERS);
    int heads = size(HEADS);
    int feedForward = size(FEED_FORWARD);
    int positions = size(POSITIONS);
    int tokenTypes = json.has(TOKEN_TYPES) ? size(TOKEN_TYPES) : 2;
    int padding = json.hasNonNull(PADDING) ? size(PADDING) : 1;
    double epsilon = number(EPSILON, DEFAULT_EPSILON);
    if (kind != null && problems.isEmpty()) {
      int offset = kind == TextEncoderKind.BERT ? 0 : padding + 1;
      try {
        return new TextEncoderConfig(
            kind,
            vocabulary,
            width,
            layers,
            heads,
            feedForward,
            positions,
            tokenTypes,
            epsilon,
            offset);
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    throw MonaException.weights(
        where + " does not describe a supported text encoder: " + String.join("; ", problems));
  }

  private String text(String key, String absent) {
    JsonNode node = json.get(key);
    return node == null || node.isNull() ? absent : node.asText();
  }

  private void must(String key, String only) {
    String value = text(key, only);
    if (!value.equals(only)) {
      problems.add(key + " is " + Quoted.of(value) + " and only '" + only + "' is supported");
    }
  }

  private int size(String key) {
    JsonNode node = json.get(key);
    if (node == null
        || !node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 0) {
      problems.add(
          key
              + (node == null
                  ? " is missing"
                  : " is " + Quoted.of(node.toString()) + ", not a size"));
      return 0;
    }
    return node.intValue();
  }

  private double number(String key, double absent) {
    JsonNode node = json.get(key);
    if (node == null) {
      return absent;
    }
    if (!node.isNumber()) {
      problems.add(key + " is " + Quoted.of(node.toString()) + ", not a number");
    }
    return node.doubleValue();
  }
}
