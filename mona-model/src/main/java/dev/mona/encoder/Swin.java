package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.backbone.SwinTransformer;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.PatchGrid;
import dev.mona.nn.Pooling;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import dev.mona.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Swin (Liu et al., ICCV 2021), with Hugging Face's names and keys. Of the keys what has a default
 * there may be absent, but for the shape.
 *
 * @param backbone its stages
 * @param image what it sees
 */
public record Swin(SwinTransformer backbone, ImageShape image) implements ImageEncoder {
  static final EncoderFamily FAMILY = new EncoderFamily(List.of("swin"), Swin::read);

  private static final ImageShape IMAGE_NET = new ImageShape(224, 4, 3);
  private static final double DEFAULT_EPSILON = 1e-5;
  private static final double MLP_RATIO = 4;

  private static final String WIDTH = "embed_dim";
  private static final String DEPTHS = "depths";
  private static final String HEADS = "num_heads";
  private static final String WINDOW = "window_size";
  private static final String EPSILON = "layer_norm_eps";
  private static final String IMAGE = "image_size";
  private static final String PATCH = "patch_size";
  private static final String CHANNELS = "num_channels";
  private static final String ACTIVATION = "hidden_act";
  private static final String MLP = "mlp_ratio";
  private static final String BIAS = "qkv_bias";
  private static final String ABSOLUTE = "use_absolute_embeddings";

  private static final String PROJECTION = "embeddings.patch_embeddings.projection";
  private static final String NORM = "embeddings.norm";
  private static final Pattern UNUSED =
      Pattern.compile("encoder\\..*\\.relative_position_index|embeddings\\.mask_token");

  /** An encoder of colour images of 224 x 224 pixels, cut into patches of 4 x 4. */
  public Swin(SwinTransformer backbone) {
    this(backbone, IMAGE_NET);
  }

  private static Supplier<Swin> read(ConfigJson json) {
    json.must(ACTIVATION, "gelu");
    json.must(MLP, MLP_RATIO);
    json.must(BIAS, true);
    json.must(ABSOLUTE, false);
    int width = json.size(WIDTH);
    List<Integer> depths = json.sizes(DEPTHS);
    List<Integer> heads = json.sizes(HEADS);
    int window = json.size(WINDOW);
    double epsilon = json.number(EPSILON, DEFAULT_EPSILON);
    int size = json.size(IMAGE, IMAGE_NET.size());
    int patch = json.size(PATCH, IMAGE_NET.patch());
    json.must(CHANNELS, IMAGE_NET.channels());
    return () ->
        new Swin(
            new SwinTransformer(width, depths, heads, window, epsilon),
            new ImageShape(size, patch, IMAGE_NET.channels()));
  }

  @Override
  public void describe(ObjectNode json) {
    json.putArray("architectures").add("SwinModel");
    json.put(ConfigJson.MODEL_TYPE, FAMILY.modelTypes().get(0));
    json.put(WIDTH, backbone.inputWidth());
    backbone.depths().forEach(json.putArray(DEPTHS)::add);
    backbone.heads().forEach(json.putArray(HEADS)::add);
    json.put(WINDOW, backbone.window());
    json.put(EPSILON, backbone.epsilon());
    json.put(IMAGE, image.size());
    json.put(PATCH, image.patch());
    json.put(CHANNELS, image.channels());
    json.put(ACTIVATION, "gelu");
    json.put(MLP, MLP_RATIO);
    json.put(BIAS, true);
    json.put(ABSOLUTE, false);
  }

  @Override
  public String kind() {
    return "SWIN";
  }

  @Override
  public double layerNormEpsilon() {
    return backbone.epsilon();
  }

  @Override
  public ParameterLayout embeddings() {
    int width = backbone.inputWidth();
    return ParameterLayout.builder()
        .add(PROJECTION + ".weight", width, image.channels(), image.patch(), image.patch())
        .add(PROJECTION + ".bias", width)
        .add(Role.LAYER_NORM, NORM + ".weight", width)
        .add(Role.LAYER_NORM, NORM + ".bias", width)
        .build();
  }

  @Override
  public List<String> prefixes() {
    return List.of("swin.");
  }

  @Override
  public boolean isUnused(String canonical) {
    return UNUSED.matcher(canonical).matches();
  }

  @Override
  public List<SourceClassifier.Place> classifiers() {
    return List.of(new SourceClassifier.Place(Pooling.MEAN, "classifier"));
  }

  @Override
  public PatchGrid grid() {
    return PatchGrid.square(image.size(), PatchConvolution.sideBySide(image.patch()));
  }

  @Override
  public Swin withImageSize(int size) {
    return new Swin(backbone, image.withSize(size));
  }

  @Override
  public void requireImageSize() {
    ImageEncoder.requireMultiple(image.size(), image.patch());
    backbone.requireMap(grid().down(), grid().across());
  }

  @Override
  public ImageEmbedder.After after() {
    return new ImageEmbedder.Normed(backbone.epsilon());
  }

  @Override
  public Map<String, float[]> patches(Map<String, WeightTensor> embeddings) {
    return Map.of(
        ImageEmbedder.KERNEL, WeightTensor.named(PROJECTION + ".weight", embeddings).values(),
        ImageEmbedder.BIAS, WeightTensor.named(PROJECTION + ".bias", embeddings).values(),
        ImageEmbedder.GAIN, WeightTensor.named(NORM + ".weight", embeddings).values(),
        ImageEmbedder.OFFSET, WeightTensor.named(NORM + ".bias", embeddings).values());
  }

  @Override
  public StepBuffers buffers() {
    return new ImageStepBuffers(backbone.inputWidth(), this::blocks);
  }

  private List<ImageStepBuffers.Block> blocks(int mapSide) {
    List<ImageStepBuffers.Block> blocks = new ArrayList<>();
    int side = mapSide;
    for (int stage = 0; stage < backbone.stages(); stage++) {
      ImageStepBuffers.Block block =
          new ImageStepBuffers.Block(
              side, backbone.window(), backbone.width(stage), backbone.heads().get(stage), 1);
      blocks.addAll(Collections.nCopies(backbone.depths().get(stage), block));
      side = (side + 1) / 2;
    }
    return blocks;
  }
}
