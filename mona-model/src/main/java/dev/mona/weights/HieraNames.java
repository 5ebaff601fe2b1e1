package dev.mona.weights;

import java.util.Map;

/** The names of SAM 2's trunk, without {@code image_encoder.trunk.}. */
record HieraNames(HieraConfig config) implements EncoderNames {
  @Override
  public Map<String, long[]> expected() {
    long width = config.width();
    long positions = config.positions();
    long window = config.windows().get(0);
    TensorShapes shapes =
        new TensorShapes()
            .tensor("pos_embed", 1, width, positions, positions)
            .tensor("pos_embed_window", 1, width, window, window)
            .convolution(
                "patch_embed.proj", width, HieraConfig.PATCH_CHANNELS, HieraConfig.PATCH_KERNEL);
    int number = 0;
    for (int stage = 0; stage < config.stages(); stage++) {
      for (int i = 0; i < config.depths().get(stage); i++) {
        boolean begins = stage > 0 && i == 0;
        block(shapes, "blocks." + number++, config.width(begins ? stage - 1 : stage), stage);
      }
    }
    return shapes.asMap();
  }

  private void block(TensorShapes shapes, String block, long inputs, int stage) {
    long width = config.width(stage);
    shapes
        .layerNorm(block + ".norm1", inputs)
        .linear(block + ".attn.qkv", 3 * width, inputs)
        .linear(block + ".attn.proj", width, width);
    if (inputs != width) {
      shapes.linear(block + ".proj", width, inputs);
    }
    shapes
        .layerNorm(block + ".norm2", width)
        .linear(block + ".mlp.layers.0", 4 * width, width)
        .linear(block + ".mlp.layers.1", width, 4 * width);
  }

  @Override
  public String canonical(String name) {
    return EncoderNames.without(name, "image_encoder.trunk.");
  }

  @Override
  public boolean isAlien(String canonical) {
    return canonical.startsWith("blocks.")
        || canonical.startsWith("patch_embed.")
        || canonical.startsWith("pos_embed");
  }
}
