package dev.mona.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.Limits;
import dev.mona.embedder.BicubicResize;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.PatchGrid;
import dev.mona.nn.WindowFit;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Hiera (Ryali et al., ICML 2023) as the trunk of SAM 2, with its names. Its authors give no
 * config.json: the keys are those of their YAML configurations, with Swin's names where the two
 * mean the same.
 *
 * @param backbone its stages
 * @param positions side of the coarse position table, which is interpolated to the map
 * @param imageSize side of the images that it is meant for, in pixels
 */
public record Hiera(HieraTransformer backbone, int positions, int imageSize)
    implements ImageEncoder {
  static final EncoderFamily FAMILY = new EncoderFamily(List.of("sam2_hiera"), Hiera::read);

  private static final int POSITIONS = 7;
  private static final int IMAGE_SIZE = 64;
  private static final int CHANNELS = 3;

  /** The trunk of SAM 2's tiny model: 26,849,472 parameters, Apache-2.0. */
  public static final Hiera SAM2_TINY =
      new Hiera(
          new HieraTransformer(
              96,
              1,
              new HieraTransformer.Blocks(
                  List.of(1, 2, 7, 2), List.of(8, 4, 14, 7), Set.of(5, 7, 9)),
              WindowFit.PADDED,
              1e-6));

  private static final String WIDTH = "embed_dim";
  private static final String HEADS = "num_heads";
  private static final String DEPTHS = "depths";
  private static final String WINDOWS = "window_spec";
  private static final String GLOBAL = "global_att_blocks";
  private static final String COARSE = "window_pos_embed_bkg_spatial_size";
  private static final String EPSILON = "layer_norm_eps";
  private static final String IMAGE = "image_size";

  private static final String PROJECTION = "patch_embed.proj";

  /** The coarse position table, {@code [1, W, positions, positions]}. */
  static final String POSITION_TABLE = "pos_embed";

  /** That of the first window, {@code [1, W, window, window]}. */
  static final String WINDOW_TABLE = "pos_embed_window";

  /** Its places overlap. */
  private static final PatchConvolution PATCHES = new PatchConvolution(7, 4, 3);

  public Hiera {
    Limits.require(positions, 1, 256, "side of the position table");
    Limits.require(imageSize, 1, 16_384, "image size");
  }

  /** An encoder with a position table of 7 x 7, for images of 64 x 64 pixels. */
  public Hiera(HieraTransformer backbone) {
    this(backbone, POSITIONS, IMAGE_SIZE);
  }

  private static Supplier<Hiera> read(ConfigJson json) {
    json.must("hidden_act", "gelu");
    json.must("mlp_ratio", 4);
    int width = json.size(WIDTH);
    int heads = json.size(HEADS);
    List<Integer> depths = json.sizes(DEPTHS);
    List<Integer> windows = json.sizes(WINDOWS);
    List<Integer> global = json.sizes(GLOBAL);
    int positions = json.size(COARSE, POSITIONS);
    double epsilon = json.number(EPSILON, SAM2_TINY.layerNormEpsilon());
    int image = json.size(IMAGE, IMAGE_SIZE);
    return () ->
        new Hiera(
            new HieraTransformer(
                width,
                heads,
                new HieraTransformer.Blocks(depths, windows, Set.copyOf(global)),
                WindowFit.PADDED,
                epsilon),
            positions,
            image);
  }

  @Override
  public void describe(ObjectNode json) {
    json.put(ConfigJson.MODEL_TYPE, FAMILY.modelTypes().get(0));
    json.put(WIDTH, backbone.inputWidth());
    json.put(HEADS, backbone.heads());
    backbone.blocks().depths().forEach(json.putArray(DEPTHS)::add);
    backbone.blocks().windows().forEach(json.putArray(WINDOWS)::add);
    backbone.blocks().global().forEach(json.putArray(GLOBAL)::add);
    json.put(COARSE, positions);
    json.put(EPSILON, backbone.epsilon());
    json.put(IMAGE, imageSize);
  }

  @Override
  public String kind() {
    return "HIERA";
  }

  @Override
  public double layerNormEpsilon() {
    return backbone.epsilon();
  }

  @Override
  public ParameterLayout embeddings() {
    int width = backbone.inputWidth();
    int window = backbone.blocks().windows().get(0);
    return ParameterLayout.builder()
        .add(POSITION_TABLE, 1, width, positions, positions)
        .add(WINDOW_TABLE, 1, width, window, window)
        .add(PROJECTION + ".weight", width, CHANNELS, PATCHES.kernel(), PATCHES.kernel())
        .add(PROJECTION + ".bias", width)
        .build();
  }

  @Override
  public List<String> prefixes() {
    return List.of("image_encoder.trunk.");
  }

  @Override
  public Hiera with(WindowFit fit) {
    HieraTransformer fitted =
        new HieraTransformer(
            backbone.inputWidth(), backbone.heads(), backbone.blocks(), fit, backbone.epsilon());
    return new Hiera(fitted, positions, imageSize);
  }

  @Override
  public WindowFit windowFit() {
    return backbone.fit();
  }

  @Override
  public PatchGrid grid() {
    return PatchGrid.square(imageSize, PATCHES);
  }

  @Override
  public Hiera withImageSize(int size) {
    return new Hiera(backbone, positions, size);
  }

  @Override
  public void requireImageSize() {
    ImageEncoder.requireMultiple(imageSize, PATCHES.stride() << (backbone.stages() - 1));
  }

  @Override
  public ImageEmbedder.After after() {
    return new ImageEmbedder.Positioned(0);
  }

  @Override
  public Map<String, float[]> patches(Map<String, WeightTensor> embeddings) {
    return Map.of(
        ImageEmbedder.KERNEL, WeightTensor.named(PROJECTION + ".weight", embeddings).values(),
        ImageEmbedder.BIAS, WeightTensor.named(PROJECTION + ".bias", embeddings).values(),
        ImageEmbedder.POSITIONS, positions(embeddings, grid().down()));
  }

  /**
   * The position table of a square map, {@code [side * side, W]}: the coarse table interpolated to
   * the map, and that of the first window repeated over it.
   */
  private static float[] positions(Map<String, WeightTensor> embeddings, int side) {
    WeightTensor coarse = WeightTensor.named(POSITION_TABLE, embeddings);
    WeightTensor window = WeightTensor.named(WINDOW_TABLE, embeddings);
    int width = (int) coarse.shape()[1];
    float[] resized =
        BicubicResize.of(
            coarse.values(), width, (int) coarse.shape()[2], (int) coarse.shape()[3], side, side);
    int windowHigh = (int) window.shape()[2];
    int windowWide = (int) window.shape()[3];
    float[] positions = new float[side * side * width];
    for (int token = 0; token < side * side; token++) {
      int y = token / side % windowHigh;
      int x = token % side % windowWide;
      for (int c = 0; c < width; c++) {
        positions[token * width + c] =
            resized[c * side * side + token]
                + window.values()[(c * windowHigh + y) * windowWide + x];
      }
    }
    return positions;
  }

  @Override
  public StepBuffers buffers() {
    return new ImageStepBuffers(backbone.inputWidth(), this::blocks);
  }

  private List<ImageStepBuffers.Block> blocks(int mapSide) {
    List<ImageStepBuffers.Block> blocks = new ArrayList<>();
    int side = mapSide;
    int window = backbone.blocks().windows().get(0);
    for (int stage = 0; stage < backbone.stages(); stage++) {
      for (int i = 0; i < backbone.blocks().depths().get(stage); i++) {
        boolean pools = stage > 0 && i == 0;
        boolean capped = windowFit() == WindowFit.CAPPED && window > side;
        boolean whole = backbone.blocks().global().contains(blocks.size()) || capped;
        blocks.add(
            new ImageStepBuffers.Block(
                side,
                whole ? side : window,
                backbone.width(stage),
                backbone.heads() << stage,
                pools ? 4 : 1));
        side = pools ? side / 2 : side;
        window = backbone.blocks().windows().get(stage);
      }
    }
    return blocks;
  }
}
