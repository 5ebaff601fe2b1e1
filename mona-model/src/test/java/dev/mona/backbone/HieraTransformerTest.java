package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.GoldenFile;
import dev.mona.SharedFiles;
import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.encoder.Hiera;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.source.ImageBatch;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** SAM 2's pretrained trunk against its golden file, and the derivatives of a small one. */
class HieraTransformerTest {
  private static final int PIXELS = 64;

  private static Map<String, WeightTensor> pretrained() throws IOException {
    Path file = SharedFiles.require("weights/sam2_hiera_tiny_trunk.fp16.safetensors");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return Safetensors.read(in, Files.size(file), file.toString());
    }
  }

  private static Parameters parameters(
      ParameterLayout layout, Map<String, WeightTensor> tensors, Device device) {
    Parameters theta = Parameters.zeros(layout, device);
    float[] flat = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      WeightTensor tensor = WeightTensor.named(entry.name(), tensors);
      assertThat(tensor.shape()).as(entry.name()).isEqualTo(entry.shape());
      System.arraycopy(tensor.values(), 0, flat, (int) entry.offset(), tensor.values().length);
    }
    theta.assign(flat);
    return theta;
  }

  /** Two images through all stages: {@code [2 * height * width, W]} each. */
  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void matchesTheGoldenFileInEveryStage(Device device) throws IOException {
    GoldenFile golden = GoldenFile.require("weights/golden_hiera_64px.npz");
    Map<String, WeightTensor> tensors = pretrained();
    HieraTransformer hiera = Hiera.SAM2_TINY.backbone();
    assertThat(hiera.layout().entries()).as("all but the embedding").hasSize(tensors.size() - 4);
    try (Tape tape = new Tape(device);
        Parameters theta = parameters(hiera.layout(), tensors, device)) {
      int side = PIXELS / 4;
      ImageBatch images = new ImageBatch(golden.floats("image"), PIXELS, PIXELS, new int[2]);
      Tokens tokens =
          Hiera.SAM2_TINY.withImageSize(PIXELS).sourceEmbedder(tensors).embed(tape, images);
      List<Tokens> stages = hiera.encodeStages(Leaves.of(tape, theta), tokens, Dropout.NONE);
      for (int stage = 0; stage < 4; stage++) {
        float[] expected = golden.floats("stage" + (stage + 1));
        assertThat(stages.get(stage).values().shape())
            .isEqualTo(new long[] {2L * (side >> stage) * (side >> stage), 96L << stage});
        float[] ours = channelsFirst(stages.get(stage).values(), 2);
        assertThat(ours).as("stage " + (stage + 1)).hasSameSizeAs(expected);
        float worst = 0;
        for (int i = 0; i < ours.length; i++) {
          worst = Math.max(worst, Math.abs(ours[i] - expected[i]));
        }
        assertThat(worst).as("stage " + (stage + 1)).isLessThan(tolerance(device));
      }
    }
  }

  /** Absolute, by type of the elements; the file was computed in float. */
  private static float tolerance(Device device) {
    return switch (device.type()) {
      case FLOAT -> 1e-4f;
      case DOUBLE -> 5e-5f;
    };
  }

  private static float[] channelsFirst(Variable tokens, int batch) {
    int width = (int) tokens.shape()[1];
    int points = (int) tokens.shape()[0] / batch;
    float[] rows = tokens.value().toFloats();
    float[] maps = new float[rows.length];
    for (int i = 0; i < maps.length; i++) {
      int image = i / (width * points);
      maps[i] = rows[(image * points + i % points) * width + i / points % width];
    }
    return maps;
  }

  /** Windows that pad, a global block, and a pooled last stage, over a map of 6 x 10 tokens. */
  @ParameterizedTest
  @EnumSource(WindowFit.class)
  void derivativesOfASmallOne(WindowFit window) {
    HieraTransformer hiera =
        new HieraTransformer(
            4,
            1,
            new HieraTransformer.Blocks(List.of(1, 3), List.of(4, 4), Set.of(2)),
            window,
            1e-2);
    Parameters theta = Parameters.zeros(hiera.layout(), TestDevice.doubles());
    long seed = 11;
    Random random = new Random(seed);
    Values.gaussian(random, hiera.layout().length()).times(0.3).into(theta.vector());
    DerivativeCheck.check(
        "hiera " + window,
        seed,
        1e-6,
        (tape, x) -> {
          Leaves leaves = Leaves.of(tape, theta);
          Tokens tokens = new Tokens(x.get(0), 2, 6, 10);
          return hiera.encode(tape, leaves, tokens, null).values();
        },
        DerivativeCheck.gaussian(random, 2 * 6 * 10, 4));
  }

  @Test
  void refusesAMapThatCannotBeHalved() {
    HieraTransformer hiera = Hiera.SAM2_TINY.with(WindowFit.CAPPED).backbone();
    try (Tape tape = new Tape(TestDevice.floats())) {
      Parameters theta = Parameters.zeros(hiera.layout(), TestDevice.floats());
      Leaves leaves = Leaves.of(tape, theta);
      Variable values = tape.constant(new float[12 * 16 * 96], 12 * 16, 96);
      Tokens tokens = new Tokens(values, 1, 12, 16);
      assertThatThrownBy(() -> hiera.encode(tape, leaves, tokens, null))
          .hasMessage("a map of 12 x 16 tokens cannot be halved 3 times");
    }
  }
}
