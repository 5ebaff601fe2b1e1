package dev.mona.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names that Hugging Face gives to the tensors of BERT and RoBERTa encoders. Canonical names
 * carry no model prefix: {@code embeddings.word_embeddings.weight}, {@code
 * encoder.layer.0.attention.self.query.weight} and so on, the same for both families. Linear
 * weights are {@code [out, in]}.
 */
public final class HuggingFaceNames {
  private static final List<String> PREFIXES = List.of("bert.", "roberta.");
  private static final Pattern KNOWN_BESIDE_THE_ENCODER =
      Pattern.compile(
          "(pooler|cls|lm_head|classifier|qa_outputs)\\..*|embeddings\\.(position_ids|token_type_ids)");

  private HuggingFaceNames() {}

  /** Name and shape of every tensor of an encoder, embeddings first, then layer by layer. */
  public static Map<String, long[]> expected(TextEncoderConfig config) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long width = config.hiddenWidth();
    long inner = config.feedForwardWidth();
    shapes.put("embeddings.word_embeddings.weight", new long[] {config.vocabularySize(), width});
    shapes.put("embeddings.position_embeddings.weight", new long[] {config.maxPositions(), width});
    shapes.put("embeddings.token_type_embeddings.weight", new long[] {config.tokenTypes(), width});
    layerNorm(shapes, "embeddings.LayerNorm", width);
    for (int i = 0; i < config.layers(); i++) {
      String layer = layer(i);
      for (String projection : List.of("query", "key", "value")) {
        linear(shapes, layer + "attention.self." + projection, width, width);
      }
      linear(shapes, layer + "attention.output.dense", width, width);
      layerNorm(shapes, layer + "attention.output.LayerNorm", width);
      linear(shapes, layer + "intermediate.dense", inner, width);
      linear(shapes, layer + "output.dense", width, inner);
      layerNorm(shapes, layer + "output.LayerNorm", width);
    }
    return shapes;
  }

  /** Prefix of the tensors of one layer, counted from 0: {@code encoder.layer.3.}. */
  public static String layer(int index) {
    return "encoder.layer." + index + ".";
  }

  /**
   * The canonical form of a name: without {@code bert.} or {@code roberta.}, and with {@code
   * weight} and {@code bias} for the {@code gamma} and {@code beta} of layer norms in checkpoints
   * that came from TensorFlow.
   */
  public static String canonical(String name) {
    String bare = name;
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        bare = name.substring(prefix.length());
      }
    }
    if (bare.endsWith("LayerNorm.gamma")) {
      return bare.substring(0, bare.length() - "gamma".length()) + "weight";
    }
    if (bare.endsWith("LayerNorm.beta")) {
      return bare.substring(0, bare.length() - "beta".length()) + "bias";
    }
    return bare;
  }

  /** Whether a canonical name is a usual companion of an encoder that MoNA has no use for. */
  static boolean isKnownCompanion(String canonical) {
    return KNOWN_BESIDE_THE_ENCODER.matcher(canonical).matches();
  }

  private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private static void layerNorm(Map<String, long[]> shapes, String name, long width) {
    shapes.put(name + ".weight", new long[] {width});
    shapes.put(name + ".bias", new long[] {width});
  }
}
