package dev.mona.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names that Hugging Face gives to the tensors of BERT and RoBERTa encoders. Canonical names
 * carry no model prefix: {@code embeddings.word_embeddings.weight}, {@code
 * encoder.layer.0.attention.self.query.weight} and so on, the same for both families.
 */
record TextEncoderNames(TextEncoderConfig config) implements EncoderNames {
  private static final Pattern BUFFERS =
      Pattern.compile("embeddings\\.(position_ids|token_type_ids)");

  @Override
  public Map<String, long[]> expected() {
    TensorShapes shapes = new TensorShapes();
    long width = config.hiddenWidth();
    long inner = config.feedForwardWidth();
    shapes
        .tensor("embeddings.word_embeddings.weight", config.vocabularySize(), width)
        .tensor("embeddings.position_embeddings.weight", config.maxPositions(), width)
        .tensor("embeddings.token_type_embeddings.weight", config.tokenTypes(), width)
        .layerNorm("embeddings.LayerNorm", width);
    for (int i = 0; i < config.layers(); i++) {
      String layer = "encoder.layer." + i;
      for (String projection : List.of("query", "key", "value")) {
        shapes.linear(layer + ".attention.self." + projection, width, width);
      }
      shapes
          .linear(layer + ".attention.output.dense", width, width)
          .layerNorm(layer + ".attention.output.LayerNorm", width)
          .linear(layer + ".intermediate.dense", inner, width)
          .linear(layer + ".output.dense", width, inner)
          .layerNorm(layer + ".output.LayerNorm", width);
    }
    return shapes.asMap();
  }

  /**
   * Without {@code bert.} or {@code roberta.}, and with {@code weight} and {@code bias} for the
   * {@code gamma} and {@code beta} of layer norms in checkpoints that came from TensorFlow.
   */
  @Override
  public String canonical(String name) {
    String bare = EncoderNames.without(name, "bert.", "roberta.");
    if (bare.endsWith("LayerNorm.gamma")) {
      return bare.substring(0, bare.length() - "gamma".length()) + "weight";
    }
    if (bare.endsWith("LayerNorm.beta")) {
      return bare.substring(0, bare.length() - "beta".length()) + "bias";
    }
    return bare;
  }

  @Override
  public boolean isAlien(String canonical) {
    boolean inside = canonical.startsWith("embeddings.") || canonical.startsWith("encoder.");
    return inside && !BUFFERS.matcher(canonical).matches();
  }
}
