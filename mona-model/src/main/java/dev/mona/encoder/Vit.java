package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.backbone.Limits;
import dev.mona.backbone.PreNormTransformer;
import dev.mona.embedder.BicubicResize;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.PatchGrid;
import dev.mona.nn.Pooling;
import dev.mona.nn.PreNormLayer;
import dev.mona.nn.PreNormLayer.Halves;
import dev.mona.nn.SelfAttention;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Plain vision transformers, ViT, DeiT and DINOv2, with Hugging Face's names and keys. Of the keys
 * what has a default there may be absent, but for the shape. A class token stands before the
 * patches and has a row of the position table.
 *
 * @param variant which of the three
 * @param shape of its layers
 * @param image what it sees; the position table is one of this size
 */
public record Vit(Variant variant, TransformerShape shape, ImageShape image)
    implements ImageEncoder {
  static final EncoderFamily FAMILY =
      new EncoderFamily(List.of("vit", "deit", "dinov2"), Vit::read);

  private static final int IMAGE_SIZE = 224;
  private static final int CHANNELS = 3;
  private static final int MLP_RATIO = 4;

  private static final String WIDTH = "hidden_size";
  private static final String LAYERS = "num_hidden_layers";
  private static final String HEADS = "num_attention_heads";
  private static final String FEED_FORWARD = "intermediate_size";
  private static final String MLP = "mlp_ratio";
  private static final String SWIGLU = "use_swiglu_ffn";
  private static final String MASK = "use_mask_token";
  private static final String EPSILON = "layer_norm_eps";
  private static final String IMAGE = "image_size";
  private static final String PATCH = "patch_size";
  private static final String COLOURS = "num_channels";
  private static final String ACTIVATION = "hidden_act";
  private static final String BIAS = "qkv_bias";

  private static final String CLASS_TOKEN = "embeddings.cls_token";
  private static final String DISTILLATION_TOKEN = "embeddings.distillation_token";
  private static final String POSITIONS = "embeddings.position_embeddings";
  private static final String PROJECTION = "embeddings.patch_embeddings.projection";
  private static final String MASK_TOKEN = "embeddings.mask_token";
  private static final String CLASSIFIER = "classifier";

  /** They differ in the tokens before the patches and in what a layer adds. */
  public enum Variant {
    /** Dosovitskiy et al., ICLR 2021. */
    VIT("ViTModel", 16, 1e-12),
    /** Touvron et al., ICML 2021: a distillation token behind the class token. */
    DEIT("DeiTModel", 16, 1e-12),
    /** Oquab et al., TMLR 2024: what a half of a layer adds is scaled, value by value. */
    DINOV2("Dinov2Model", 14, 1e-6);

    private final String architecture;
    private final int patch;
    private final double epsilon;

    Variant(String architecture, int patch, double epsilon) {
      this.architecture = architecture;
      this.patch = patch;
      this.epsilon = epsilon;
    }

    private String modelType() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Vit {
    if (variant == Variant.DINOV2 && shape.inner() % shape.width() != 0) {
      throw new IllegalArgumentException(
          "feed-forward width " + shape.inner() + " is no multiple of the width " + shape.width());
    }
  }

  private static Supplier<Vit> read(ConfigJson json) {
    Variant variant = Variant.valueOf(json.type().toUpperCase(Locale.ROOT));
    json.must(ACTIVATION, "gelu");
    json.must(BIAS, true);
    json.must(SWIGLU, false);
    boolean ratio = variant == Variant.DINOV2;
    int width = json.size(WIDTH);
    int layers = json.size(LAYERS);
    int heads = json.size(HEADS);
    int feedForward = ratio ? json.size(MLP, MLP_RATIO) : json.size(FEED_FORWARD);
    double epsilon = json.number(EPSILON, variant.epsilon);
    int size = json.size(IMAGE, IMAGE_SIZE);
    int patch = json.size(PATCH, variant.patch);
    json.must(COLOURS, CHANNELS);
    return () -> {
      int inner = feedForward;
      if (ratio) {
        Limits.require(feedForward, 1, 64, MLP);
        // what this cuts off, the shape refuses
        inner = (int) Math.min(Integer.MAX_VALUE, (long) width * feedForward);
      }
      return new Vit(
          variant,
          new TransformerShape(width, layers, heads, inner, epsilon),
          new ImageShape(size, patch, CHANNELS));
    };
  }

  @Override
  public void describe(ObjectNode json) {
    json.putArray("architectures").add(variant.architecture);
    json.put(ConfigJson.MODEL_TYPE, variant.modelType());
    json.put(WIDTH, shape.width());
    json.put(LAYERS, shape.layers());
    json.put(HEADS, shape.heads());
    if (variant == Variant.DINOV2) {
      json.put(MLP, shape.inner() / shape.width());
      json.put(SWIGLU, false);
      json.put(MASK, false);
    } else {
      json.put(FEED_FORWARD, shape.inner());
    }
    json.put(EPSILON, shape.epsilon());
    json.put(IMAGE, image.size());
    json.put(PATCH, image.patch());
    json.put(COLOURS, image.channels());
    json.put(ACTIVATION, "gelu");
    json.put(BIAS, true);
  }

  @Override
  public String kind() {
    return variant.name();
  }

  @Override
  public PreNormTransformer backbone() {
    return new PreNormTransformer(
        IntStream.range(0, shape.layers()).mapToObj(this::layer).toList(), "layernorm");
  }

  private PreNormLayer layer(int number) {
    String name = "encoder.layer." + number + ".";
    String inner = name + "attention.attention.";
    SelfAttention.Names attention =
        new SelfAttention.Names(
            inner + "query", inner + "key", inner + "value", name + "attention.output.dense");
    PreNormLayer.Names names =
        variant == Variant.DINOV2
            ? new PreNormLayer.Names(
                new Halves(name + "norm1", name + "norm2"),
                attention,
                name + "mlp.fc1",
                name + "mlp.fc2",
                new Halves(name + "layer_scale1.lambda1", name + "layer_scale2.lambda1"))
            : new PreNormLayer.Names(
                new Halves(name + "layernorm_before", name + "layernorm_after"),
                attention,
                name + "intermediate.dense",
                name + "output.dense",
                null);
    return new PreNormLayer(names, shape.width(), shape.heads(), shape.inner(), shape.epsilon());
  }

  @Override
  public double layerNormEpsilon() {
    return shape.epsilon();
  }

  /** The tokens before the patches. */
  private List<String> prefix() {
    return variant == Variant.DEIT
        ? List.of(CLASS_TOKEN, DISTILLATION_TOKEN)
        : List.of(CLASS_TOKEN);
  }

  private int tokens() {
    return prefix().size() + grid().tokens();
  }

  @Override
  public ParameterLayout embeddings() {
    int width = shape.width();
    ParameterLayout.Builder layout = ParameterLayout.builder();
    prefix().forEach(token -> layout.add(token, 1, 1, width));
    return layout
        .add(POSITIONS, 1, tokens(), width)
        .add(PROJECTION + ".weight", width, image.channels(), image.patch(), image.patch())
        .add(PROJECTION + ".bias", width)
        .build();
  }

  @Override
  public List<String> prefixes() {
    return List.of(variant.modelType() + ".");
  }

  @Override
  public boolean isUnused(String canonical) {
    return canonical.equals(MASK_TOKEN);
  }

  /** Unlike a representation, what these read is made of the class token. */
  @Override
  public List<SourceClassifier.Place> classifiers() {
    return switch (variant) {
      case VIT -> List.of(new SourceClassifier.Place(Pooling.FIRST, CLASSIFIER));
      case DEIT ->
          List.of(
              new SourceClassifier.Place(Pooling.FIRST, CLASSIFIER),
              new SourceClassifier.Place(
                  Pooling.FIRST_TWO, "cls_classifier", "distillation_classifier"));
      case DINOV2 -> List.of(new SourceClassifier.Place(Pooling.FIRST_AND_MAP, CLASSIFIER));
    };
  }

  @Override
  public PatchGrid grid() {
    return PatchGrid.square(image.size(), PatchConvolution.sideBySide(image.patch()));
  }

  /** The same layers; their position table has to be {@linkplain #resized resized}. */
  @Override
  public Vit withImageSize(int size) {
    return new Vit(variant, shape, image.withSize(size));
  }

  @Override
  public void requireImageSize() {
    ImageEncoder.requireMultiple(image.size(), image.patch());
    if ((long) tokens() * shape.width() > Integer.MAX_VALUE) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "an image size of %d makes %d tokens, whose positions no array holds: choose a smaller one",
              image.size(),
              tokens()),
          Setting.IMAGE_SIZE);
    }
  }

  @Override
  public ImageEmbedder.After after() {
    return new ImageEmbedder.Positioned(prefix().size());
  }

  /** The tokens before the patches are added to their rows of the position table. */
  @Override
  public Map<String, float[]> patches(Map<String, WeightTensor> embeddings) {
    float[] table = WeightTensor.named(POSITIONS, embeddings).values().clone();
    int at = 0;
    for (String token : prefix()) {
      for (float value : WeightTensor.named(token, embeddings).values()) {
        table[at++] += value;
      }
    }
    return Map.of(
        ImageEmbedder.KERNEL, WeightTensor.named(PROJECTION + ".weight", embeddings).values(),
        ImageEmbedder.BIAS, WeightTensor.named(PROJECTION + ".bias", embeddings).values(),
        ImageEmbedder.POSITIONS, table);
  }

  /** The position table is interpolated, but for the rows before the patches. */
  @Override
  public SortedMap<String, WeightTensor> resized(SortedMap<String, WeightTensor> embeddings) {
    requireImageSize();
    WeightTensor table = WeightTensor.named(POSITIONS, embeddings);
    int width = shape.width();
    int patches = (int) table.shape()[1] - prefix().size();
    if (patches == grid().tokens()) {
      return embeddings;
    }
    int side = (int) Math.round(Math.sqrt(patches));
    int before = prefix().size() * width;
    float[] maps = transposed(table.values(), before, patches, width);
    float[] resized = BicubicResize.of(maps, width, side, side, grid().down(), grid().across());
    float[] values = new float[tokens() * width];
    System.arraycopy(table.values(), 0, values, 0, before);
    float[] rows = transposed(resized, 0, width, grid().tokens());
    System.arraycopy(rows, 0, values, before, rows.length);
    SortedMap<String, WeightTensor> all = new TreeMap<>(embeddings);
    all.put(POSITIONS, new WeightTensor(POSITIONS, new long[] {1, tokens(), width}, values));
    return all;
  }

  /** A matrix that begins at an index, its columns as rows. */
  private static float[] transposed(float[] matrix, int from, int rows, int columns) {
    float[] transposed = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = matrix[from + i * columns + j];
      }
    }
    return transposed;
  }

  @Override
  public StepBuffers buffers() {
    return new PreNormStepBuffers(shape, variant == Variant.DINOV2);
  }
}
