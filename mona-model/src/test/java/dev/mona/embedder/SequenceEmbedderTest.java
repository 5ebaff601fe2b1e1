package dev.mona.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.embedder.EmbedderOptions.Init;
import dev.mona.nn.Leaves;
import dev.mona.tensor.Parameters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceEmbedderTest {
  private static final double EPSILON = 1e-3;

  @ParameterizedTest
  @CsvSource({"1, 6, 1, 5", "4, 60, 3, 7", "3, 8, 4, 4", "2, 5, 5, 3"})
  void isAConvolutionWithPositionsAndLayerNorm(int channels, int length, int kernel, int width) {
    SequenceEmbedder embedder = new SequenceEmbedder(channels, length, kernel, width, EPSILON);
    Random random = new Random(2);
    Parameters parameters = Parameters.zeros(embedder.layout(), TestDevice.doubles());
    Values.gaussian(random, embedder.layout().length()).into(parameters.vector());
    int batch = 3;
    float[] features = new float[batch * channels * length];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Values tokens =
          Values.of(embedder.embed(tape, Leaves.of(tape, parameters), features).values().value());
      int count = length / kernel;
      assertThat(embedder.tokens()).isEqualTo(count);
      assertThat(tokens.shape()).containsExactly((long) batch * count, width);
      for (int b = 0; b < batch; b++) {
        for (int t = 0; t < count; t++) {
          float[] patch = new float[channels * kernel];
          for (int c = 0; c < channels; c++) {
            for (int j = 0; j < kernel; j++) {
              patch[c * kernel + j] = features[b * channels * length + c * length + t * kernel + j];
            }
          }
          assertThat(tokens.row((long) b * count + t))
              .as("token %d of sample %d", t, b)
              .containsExactly(expected(parameters, patch, t), within(1e-10));
        }
      }
    }
  }

  /** The token of one patch {@code [C, k]}, written out. */
  private static double[] expected(Parameters parameters, float[] patch, int position) {
    Values weight = Values.of(parameters.view("convolution.weight"));
    double[] bias = Values.of(parameters.view("convolution.bias")).flat();
    Values positions = Values.of(parameters.view("position_embeddings.weight"));
    int width = (int) weight.shape()[0];
    int kernel = (int) weight.shape()[2];
    double[] x = new double[width];
    double mean = 0;
    for (int w = 0; w < width; w++) {
      x[w] = bias[w] + positions.at(position, w);
      for (int i = 0; i < patch.length; i++) {
        x[w] += patch[i] * weight.at(w, i / kernel, i % kernel);
      }
      mean += x[w] / width;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / width;
    }
    double[] gain = Values.of(parameters.view("LayerNorm.weight")).flat();
    double[] shift = Values.of(parameters.view("LayerNorm.bias")).flat();
    for (int w = 0; w < width; w++) {
      x[w] = (x[w] - mean) / Math.sqrt(variance + EPSILON) * gain[w] + shift[w];
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    // length, most tokens, smallest divisor i with length / i <= most tokens
    "1000, 64, 20",
    "1000, 512, 2",
    "46, 512, 1",
    "256, 512, 1",
    "1024, 128, 8",
    "1024, 256, 4",
    "1024, 32, 32",
    "3072, 128, 24",
    "60, 20, 3",
    "60, 19, 4",
    "60, 7, 10",
    "13, 12, 13",
    "7, 1, 7"
  })
  void theKernelIsTheSmallestDivisorThatFits(int length, int most, int kernel) {
    EmbedderOptions options = new EmbedderOptions(0, most, Init.RANDOM);
    assertThat(SequenceEmbedder.kernel(length, options)).isEqualTo(kernel);
  }

  @Test
  void aKernelThatIsSetStays() {
    assertThat(SequenceEmbedder.kernel(60, new EmbedderOptions(5, 1, Init.RANDOM))).isEqualTo(5);
  }

  @Test
  void refusesAKernelThatDoesNotDivideTheLength() {
    assertThatThrownBy(() -> new SequenceEmbedder(1, 60, 7, 4, EPSILON))
        .hasMessage("embedder kernel 7 does not divide the input length 60");
    assertThatThrownBy(() -> new SequenceEmbedder(1, 60, 0, 4, EPSILON))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmbedderOptions(-1, 4, Init.RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmbedderOptions(0, 0, Init.RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
