package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;

/** Hugging Face's keys for Swin. What has a default there may be absent, but for the shape. */
final class SwinConfigJson {
  static final String TYPE = "swin";

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

  private SwinConfigJson() {}

  static Supplier<SwinConfig> read(ConfigJson json) {
    json.must(ACTIVATION, "gelu");
    json.must(MLP, MLP_RATIO);
    json.must(BIAS, true);
    json.must(ABSOLUTE, false);
    int width = json.size(WIDTH);
    List<Integer> depths = json.sizes(DEPTHS);
    List<Integer> heads = json.sizes(HEADS);
    int window = json.size(WINDOW);
    double epsilon = json.number(EPSILON, DEFAULT_EPSILON);
    int image = json.size(IMAGE, SwinConfig.IMAGE_SIZE);
    int patch = json.size(PATCH, SwinConfig.PATCH);
    int channels = json.size(CHANNELS, SwinConfig.CHANNELS);
    return () -> new SwinConfig(width, depths, heads, window, epsilon, image, patch, channels);
  }

  static void write(SwinConfig config, OutputStream out) throws IOException {
    ConfigJson.write(
        json -> {
          json.putArray("architectures").add("SwinModel");
          json.put(ConfigJson.MODEL_TYPE, TYPE);
          json.put(WIDTH, config.width());
          config.depths().forEach(json.putArray(DEPTHS)::add);
          config.heads().forEach(json.putArray(HEADS)::add);
          json.put(WINDOW, config.window());
          json.put(EPSILON, config.layerNormEpsilon());
          json.put(IMAGE, config.imageSize());
          json.put(PATCH, config.patch());
          json.put(CHANNELS, config.channels());
          json.put(ACTIVATION, "gelu");
          json.put(MLP, MLP_RATIO);
          json.put(BIAS, true);
          json.put(ABSOLUTE, false);
        },
        out);
  }
}
