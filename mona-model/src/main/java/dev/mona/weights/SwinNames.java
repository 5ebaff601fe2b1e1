package dev.mona.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The names that Hugging Face gives to the tensors of Swin, without {@code swin.}. */
record SwinNames(SwinConfig config) implements EncoderNames {
  private static final Pattern UNUSED =
      Pattern.compile("encoder\\..*\\.relative_position_index|embeddings\\.mask_token");

  @Override
  public Map<String, long[]> expected() {
    TensorShapes shapes =
        new TensorShapes()
            .convolution(
                "embeddings.patch_embeddings.projection",
                config.width(),
                config.channels(),
                config.patch())
            .layerNorm("embeddings.norm", config.width());
    int last = config.stages() - 1;
    for (int stage = 0; stage <= last; stage++) {
      String layer = "encoder.layers." + stage;
      for (int i = 0; i < config.depths().get(stage); i++) {
        block(shapes, layer + ".blocks." + i, stage);
      }
      if (stage < last) {
        long merged = 4L * config.width(stage);
        shapes
            .tensor(layer + ".downsample.reduction.weight", merged / 2, merged)
            .layerNorm(layer + ".downsample.norm", merged);
      }
    }
    return shapes.layerNorm("layernorm", config.width(last)).asMap();
  }

  private void block(TensorShapes shapes, String block, int stage) {
    long width = config.width(stage);
    long offsets = 2L * config.window() - 1;
    shapes
        .layerNorm(block + ".layernorm_before", width)
        .tensor(
            block + ".attention.self.relative_position_bias_table",
            offsets * offsets,
            config.heads().get(stage));
    for (String projection : List.of("query", "key", "value")) {
      shapes.linear(block + ".attention.self." + projection, width, width);
    }
    shapes
        .linear(block + ".attention.output.dense", width, width)
        .layerNorm(block + ".layernorm_after", width)
        .linear(block + ".intermediate.dense", 4 * width, width)
        .linear(block + ".output.dense", width, 4 * width);
  }

  @Override
  public String canonical(String name) {
    return EncoderNames.without(name, "swin.");
  }

  @Override
  public boolean isAlien(String canonical) {
    boolean inside =
        canonical.startsWith("embeddings.")
            || canonical.startsWith("encoder.")
            || canonical.startsWith("layernorm.");
    return inside && !UNUSED.matcher(canonical).matches();
  }
}
