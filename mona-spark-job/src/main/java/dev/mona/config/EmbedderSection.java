package dev.mona.config;

import dev.mona.embedder.EmbedderOptions;

/** Keys of the target embedder. */
final class EmbedderSection extends Section {
  final Key<Integer> kernel =
      add(
          Key.atLeast(
              0,
              "embedder.kernel",
              "Kernel and stride of the 1-D convolution, a divisor of the input length; 0 for the"
                  + " smallest divisor that gives at most `embedder.target-length` tokens"));
  final Key<Integer> targetLength =
      add(
          Key.between(
              1,
              4096,
              "embedder.target-length",
              "At most this many tokens of a sample when the kernel is 0"));
  final Key<EmbedderOptions.Init> init =
      add(
          Key.choice(
              EmbedderOptions.Init.class,
              "embedder.init",
              "`pretrained` takes layer norm and positions from the checkpoint, `random` takes nothing from it"));

  EmbedderSection() {
    super("Target embedder");
  }

  EmbedderOptions read(Values values) {
    return new EmbedderOptions(values.get(kernel), values.get(targetLength), values.get(init));
  }
}
