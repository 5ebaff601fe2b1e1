package dev.mona.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SharedFiles;
import dev.mona.embedder.BicubicResize;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The published export against the same trunk in half precision, taken from it in Python. */
class Sam2ExportTest {
  @Test
  void isTheTrunkOfSam2() throws IOException {
    Path export = SharedFiles.require("weights/sam2_hiera_tiny_encoder.with_runtime_opt.ort");
    Path file = SharedFiles.require("weights/sam2_hiera_tiny_trunk.fp16.safetensors");
    EncoderCheckpoint trunk = Sam2Export.read(Files.readAllBytes(export), export.toString());
    Map<String, WeightTensor> expected;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      expected = Safetensors.read(in, Files.size(file), file.toString());
    }
    assertThat(trunk.tensors().keySet()).isEqualTo(expected.keySet());
    trunk
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(tensor.shape())
                  .as(name)
                  .isEqualTo(WeightTensor.named(name, expected).shape());
              if (!name.startsWith("pos_embed")) {
                requireClose(name, tensor.values(), WeightTensor.named(name, expected).values());
              }
            });
    // a constant may lie in one table or the other
    requireClose("positions", positions(trunk.tensors()), positions(expected));
  }

  /** For a map of 16 x 16. */
  private static float[] positions(Map<String, WeightTensor> tensors) {
    int width = 96;
    float[] sum =
        BicubicResize.of(WeightTensor.named("pos_embed", tensors).values(), width, 7, 7, 16, 16);
    float[] window = WeightTensor.named("pos_embed_window", tensors).values();
    for (int i = 0; i < sum.length; i++) {
      int y = i / 16 % 16;
      int x = i % 16;
      sum[i] += window[(i / 256 * 8 + y % 8) * 8 + x % 8];
    }
    return sum;
  }

  /** Half precision keeps 11 bits; what is below its normal range, to 2^-25. */
  private static void requireClose(String name, float[] actual, float[] half) {
    assertThat(actual).as(name).hasSameSizeAs(half);
    for (int i = 0; i < actual.length; i++) {
      float allowed =
          Math.max(Math.abs(actual[i]) / 1024, name.equals("positions") ? 2e-3f : 1e-7f);
      if (!(Math.abs(actual[i] - half[i]) <= allowed)) {
        assertThat(actual[i]).as("%s at %s", name, i).isCloseTo(half[i], within(allowed));
      }
    }
  }
}
