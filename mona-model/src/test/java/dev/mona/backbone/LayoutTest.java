package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.EncoderConfig;
import dev.mona.weights.HieraConfig;
import dev.mona.weights.MiniLm;
import dev.mona.weights.SwinConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backbone's parameters are the tensors of its checkpoints, all but the embedding. */
class LayoutTest {
  @Test
  void textEncoder() {
    check(MiniLm.CONFIG, new TextEncoder(MiniLm.CONFIG).layout(), "embeddings\\..*");
  }

  @Test
  void swin() {
    SwinConfig config = new SwinConfig(12, List.of(1, 2, 3), List.of(2, 3, 4), 5, 1e-5);
    check(config, new SwinTransformer(config).layout(), "embeddings\\..*");
  }

  @Test
  void hiera() {
    HieraTransformer hiera =
        new HieraTransformer(HieraConfig.SAM2_TINY, HieraTransformer.Window.CAPPED);
    check(HieraConfig.SAM2_TINY, hiera.layout(), "(pos|patch)_embed.*");
  }

  private static void check(EncoderConfig config, ParameterLayout layout, String embedding) {
    List<String> expected =
        config.names().expected().entrySet().stream()
            .filter(entry -> !entry.getKey().matches(embedding))
            .map(entry -> entry.getKey() + Arrays.toString(entry.getValue()))
            .toList();
    assertThat(layout.entries())
        .extracting(entry -> entry.name() + Arrays.toString(entry.shape()))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
