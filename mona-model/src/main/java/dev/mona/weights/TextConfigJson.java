package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/** Hugging Face's keys for BERT and RoBERTa. What has one default for both may be absent. */
final class TextConfigJson {
  private static final double DEFAULT_EPSILON = 1e-12;
  private static final int DEFAULT_TOKEN_TYPES = 2;
  private static final int DEFAULT_PADDING = 1;

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

  private TextConfigJson() {}

  static Supplier<TextEncoderConfig> read(ConfigJson json, String type) {
    TextEncoderKind kind = type.equals("bert") ? TextEncoderKind.BERT : TextEncoderKind.ROBERTA;
    json.must(ACTIVATION, "gelu");
    json.must(POSITION_KIND, "absolute");
    int vocabulary = json.size(VOCABULARY);
    int width = json.size(WIDTH);
    int layers = json.size(LAYERS);
    int heads = json.size(HEADS);
    int feedForward = json.size(FEED_FORWARD);
    int positions = json.size(POSITIONS);
    int tokenTypes = json.size(TOKEN_TYPES, DEFAULT_TOKEN_TYPES);
    int padding = json.has(PADDING) ? json.size(PADDING) : DEFAULT_PADDING;
    double epsilon = json.number(EPSILON, DEFAULT_EPSILON);
    int offset = kind == TextEncoderKind.BERT ? 0 : padding + 1;
    return () ->
        new TextEncoderConfig(
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
  }

  static void write(TextEncoderConfig config, OutputStream out) throws IOException {
    ConfigJson.write(
        json -> {
          json.putArray("architectures").add(config.kind().architecture());
          json.put(ConfigJson.MODEL_TYPE, config.kind().modelType());
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
        },
        out);
  }
}
