package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A config.json for the trunk of SAM 2. Its authors give none: the keys are those of their YAML
 * configurations, with Swin's names where the two mean the same.
 */
final class HieraConfigJson {
  static final String TYPE = "sam2_hiera";

  private static final String WIDTH = "embed_dim";
  private static final String HEADS = "num_heads";
  private static final String DEPTHS = "depths";
  private static final String WINDOWS = "window_spec";
  private static final String GLOBAL = "global_att_blocks";
  private static final String POSITIONS = "window_pos_embed_bkg_spatial_size";
  private static final String EPSILON = "layer_norm_eps";
  private static final String IMAGE = "image_size";

  private HieraConfigJson() {}

  static Supplier<HieraConfig> read(ConfigJson json) {
    json.must("hidden_act", "gelu");
    json.must("mlp_ratio", 4);
    int width = json.size(WIDTH);
    int heads = json.size(HEADS);
    List<Integer> depths = json.sizes(DEPTHS);
    List<Integer> windows = json.sizes(WINDOWS);
    List<Integer> global = json.sizes(GLOBAL);
    int positions = json.size(POSITIONS, HieraConfig.POSITIONS);
    double epsilon = json.number(EPSILON, HieraConfig.SAM2_TINY.layerNormEpsilon());
    int image = json.size(IMAGE, HieraConfig.IMAGE_SIZE);
    return () ->
        new HieraConfig(
            width, heads, depths, windows, Set.copyOf(global), epsilon, positions, image);
  }

  static void write(HieraConfig config, OutputStream out) throws IOException {
    ConfigJson.write(
        json -> {
          json.put(ConfigJson.MODEL_TYPE, TYPE);
          json.put(WIDTH, config.width());
          json.put(HEADS, config.heads());
          config.depths().forEach(json.putArray(DEPTHS)::add);
          config.windows().forEach(json.putArray(WINDOWS)::add);
          new TreeSet<>(config.globalBlocks()).forEach(json.putArray(GLOBAL)::add);
          json.put(POSITIONS, config.positions());
          json.put(EPSILON, config.layerNormEpsilon());
          json.put(IMAGE, config.imageSize());
        },
        out);
  }
}
