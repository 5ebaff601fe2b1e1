package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.nn.SelfAttention;
import dev.mona.nn.TransformerLayer;
import java.util.List;
import java.util.function.Supplier;

/**
 * DistilBERT (Sanh et al., arXiv 1910.01108), with Hugging Face's names and keys: layers of BERT
 * under other names, without token types. Sinusoidal positions are rows of the same table, which
 * checkpoints hold as they hold learned ones.
 *
 * @param shape of its layers; the epsilon is {@value #EPSILON}, its config.json does not say it
 * @param tables in front of them
 */
public record DistilBert(TransformerShape shape, TextTables tables) implements TextEncoder {
  static final EncoderFamily FAMILY = new EncoderFamily(List.of("distilbert"), DistilBert::read);

  /** Of every layer norm. */
  public static final double EPSILON = 1e-12;

  private static final String VOCABULARY = "vocab_size";
  private static final String WIDTH = "dim";
  private static final String LAYERS = "n_layers";
  private static final String HEADS = "n_heads";
  private static final String FEED_FORWARD = "hidden_dim";
  private static final String POSITIONS = "max_position_embeddings";
  private static final String SINUSOIDAL = "sinusoidal_pos_embds";
  private static final String PADDING = "pad_token_id";
  private static final String ACTIVATION = "activation";
  private static final String BUFFER = "embeddings.position_ids";

  public DistilBert {
    if (shape.epsilon() != EPSILON || tables.types() != 0 || tables.offset() != 0) {
      throw new IllegalArgumentException(
          "DistilBERT has an epsilon of %s, no token types and positions from 0, not %s and %s"
              .formatted(EPSILON, shape, tables));
    }
  }

  private static Supplier<DistilBert> read(ConfigJson json) {
    json.must(ACTIVATION, "gelu");
    int vocabulary = json.size(VOCABULARY);
    int width = json.size(WIDTH);
    int layers = json.size(LAYERS);
    int heads = json.size(HEADS);
    int feedForward = json.size(FEED_FORWARD);
    int positions = json.size(POSITIONS);
    return () ->
        new DistilBert(
            new TransformerShape(width, layers, heads, feedForward, EPSILON),
            new TextTables(vocabulary, positions, 0, 0));
  }

  @Override
  public void describe(ObjectNode json) {
    json.putArray("architectures").add("DistilBertModel");
    json.put(ConfigJson.MODEL_TYPE, FAMILY.modelTypes().get(0));
    json.put(VOCABULARY, tables.vocabulary());
    json.put(WIDTH, shape.width());
    json.put(LAYERS, shape.layers());
    json.put(HEADS, shape.heads());
    json.put(FEED_FORWARD, shape.inner());
    json.put(POSITIONS, tables.positions());
    json.put(SINUSOIDAL, false);
    json.put(PADDING, 0);
    json.put(ACTIVATION, "gelu");
  }

  @Override
  public String kind() {
    return "DISTILBERT";
  }

  @Override
  public TransformerLayer.Names layer(int number) {
    String layer = "transformer.layer." + number;
    String attention = layer + ".attention.";
    return new TransformerLayer.Names(
        new SelfAttention.Names(
            attention + "q_lin", attention + "k_lin", attention + "v_lin", attention + "out_lin"),
        layer + ".sa_layer_norm",
        layer + ".ffn.lin1",
        layer + ".ffn.lin2",
        layer + ".output_layer_norm");
  }

  @Override
  public List<String> prefixes() {
    return List.of("distilbert.");
  }

  @Override
  public boolean isUnused(String canonical) {
    return canonical.equals(BUFFER);
  }
}
