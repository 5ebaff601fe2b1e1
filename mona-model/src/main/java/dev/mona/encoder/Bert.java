package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.backbone.Limits;
import dev.mona.nn.TransformerLayer;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * BERT and RoBERTa, with Hugging Face's names and keys. Of the keys those with one default for both
 * may be absent.
 *
 * @param variant BERT or RoBERTa
 * @param shape of its layers
 * @param tables in front of them
 */
public record Bert(Variant variant, TransformerShape shape, TextTables tables)
    implements TextEncoder {
  static final EncoderFamily FAMILY =
      new EncoderFamily(List.of("bert", "roberta", "xlm-roberta", "camembert"), Bert::read);

  private static final double DEFAULT_EPSILON = 1e-12;
  private static final int DEFAULT_TOKEN_TYPES = 2;
  private static final int DEFAULT_PADDING = 1;

  private static final String VOCABULARY = "vocab_size";
  private static final String WIDTH = "hidden_size";
  private static final String LAYERS = "num_hidden_layers";
  private static final String HEADS = "num_attention_heads";
  private static final String FEED_FORWARD = "intermediate_size";
  private static final String MAX_POSITIONS = "max_position_embeddings";
  private static final String TOKEN_TYPES = "type_vocab_size";
  private static final String EPSILON = "layer_norm_eps";
  private static final String PADDING = "pad_token_id";
  private static final String ACTIVATION = "hidden_act";
  private static final String POSITION_KIND = "position_embedding_type";

  private static final Pattern BUFFERS =
      Pattern.compile("embeddings\\.(position_ids|token_type_ids)");

  /** The two differ in their positions only. */
  public enum Variant {
    /** Devlin et al., NAACL 2019. Positions count from 0. */
    BERT("BertModel"),
    /** Liu et al., arXiv 1907.11692. Positions count from the padding id + 1. */
    ROBERTA("RobertaModel");

    private final String architecture;

    Variant(String architecture) {
      this.architecture = architecture;
    }
  }

  public Bert {
    Limits.require(tables.types(), 1, 1024, "number of token types");
    if (variant == Variant.BERT && tables.offset() != 0) {
      throw new IllegalArgumentException("position offset of BERT is 0, not " + tables.offset());
    }
  }

  private static Supplier<Bert> read(ConfigJson json) {
    Variant variant = json.type().equals("bert") ? Variant.BERT : Variant.ROBERTA;
    json.must(ACTIVATION, "gelu");
    json.must(POSITION_KIND, "absolute");
    int vocabulary = json.size(VOCABULARY);
    int width = json.size(WIDTH);
    int layers = json.size(LAYERS);
    int heads = json.size(HEADS);
    int feedForward = json.size(FEED_FORWARD);
    int positions = json.size(MAX_POSITIONS);
    int tokenTypes = json.size(TOKEN_TYPES, DEFAULT_TOKEN_TYPES);
    int padding = json.has(PADDING) ? json.size(PADDING) : DEFAULT_PADDING;
    double epsilon = json.number(EPSILON, DEFAULT_EPSILON);
    int offset = variant == Variant.BERT ? 0 : padding + 1;
    return () ->
        new Bert(
            variant,
            new TransformerShape(width, layers, heads, feedForward, epsilon),
            new TextTables(vocabulary, positions, tokenTypes, offset));
  }

  @Override
  public void describe(ObjectNode json) {
    json.putArray("architectures").add(variant.architecture);
    json.put(ConfigJson.MODEL_TYPE, variant.name().toLowerCase(Locale.ROOT));
    json.put(VOCABULARY, tables.vocabulary());
    json.put(WIDTH, shape.width());
    json.put(LAYERS, shape.layers());
    json.put(HEADS, shape.heads());
    json.put(FEED_FORWARD, shape.inner());
    json.put(MAX_POSITIONS, tables.positions());
    json.put(TOKEN_TYPES, tables.types());
    json.put(EPSILON, shape.epsilon());
    json.put(PADDING, Math.max(tables.offset() - 1, 0));
    json.put(ACTIVATION, "gelu");
    json.put(POSITION_KIND, "absolute");
  }

  @Override
  public String kind() {
    return variant.name();
  }

  @Override
  public TransformerLayer.Names layer(int number) {
    return TransformerLayer.Names.of("encoder.layer." + number);
  }

  @Override
  public List<String> prefixes() {
    return List.of("bert.", "roberta.");
  }

  /** With {@code weight} and {@code bias} for what TensorFlow calls {@code gamma}, {@code beta}. */
  @Override
  public String canonical(String name) {
    String bare = TextEncoder.super.canonical(name);
    if (bare.endsWith("LayerNorm.gamma")) {
      return bare.substring(0, bare.length() - "gamma".length()) + "weight";
    }
    if (bare.endsWith("LayerNorm.beta")) {
      return bare.substring(0, bare.length() - "beta".length()) + "bias";
    }
    return bare;
  }

  @Override
  public boolean isUnused(String canonical) {
    return BUFFERS.matcher(canonical).matches();
  }
}
