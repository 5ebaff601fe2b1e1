package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.MiniLm;
import dev.mona.encoder.Swin;
import dev.mona.nn.WindowFit;
import dev.mona.tensor.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backbone's parameters are the tensors of its checkpoints, all but the embedding. */
class LayoutTest {
  @Test
  void textEncoder() {
    check(MiniLm.ENCODER, MiniLm.ENCODER.layout(), "embeddings\\..*");
  }

  @Test
  void swin() {
    Swin config = new Swin(new SwinTransformer(12, List.of(1, 2, 3), List.of(2, 3, 4), 5, 1e-5));
    check(config, new SwinTransformer(config).layout(), "embeddings\\..*");
  }

  @Test
  void hiera() {
    HieraTransformer hiera =
        new HieraTransformer(Hiera.SAM2_TINY, WindowFit.CAPPED);
    check(Hiera.SAM2_TINY, hiera.layout(), "(pos|patch)_embed.*");
  }

  private static void check(Encoder config, ParameterLayout layout, String embedding) {
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
