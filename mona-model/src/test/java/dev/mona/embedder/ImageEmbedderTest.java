package dev.mona.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.task.SampleShape;
import dev.mona.tensor.Parameters;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against loops over tokens, channels and the kernel, without patches. */
class ImageEmbedderTest {
  private static final int BATCH = 2;
  private static final int CHANNELS = 2;
  private static final int SIZE = 12;
  private static final int WIDTH = 5;
  private static final double EPSILON = 1e-3;

  /** What follows the convolution. */
  private record Kind(ImageEmbedder.After after, PatchConvolution patches, int prefix) {
    ImageEmbedder embedder(SampleShape shape) {
      return new ImageEmbedder(shape, PatchGrid.square(SIZE, patches), WIDTH, after);
    }

    boolean isNormed() {
      return after instanceof ImageEmbedder.Normed;
    }
  }

  /** The last one as with a class token. */
  static Stream<Kind> kinds() {
    PatchConvolution sideBySide = PatchConvolution.sideBySide(4);
    return Stream.of(
        new Kind(new ImageEmbedder.Normed(EPSILON), sideBySide, 0),
        new Kind(new ImageEmbedder.Positioned(0), new PatchConvolution(7, 4, 3), 0),
        new Kind(new ImageEmbedder.Positioned(2), sideBySide, 2));
  }

  /** The convolution at a token, before what follows it. */
  private static double[] convolved(
      Parameters phi, PatchConvolution patches, float[] image, int row, int column) {
    Values weight = Values.of(phi.view("convolution.weight"));
    double[] out = Values.of(phi.view("convolution.bias")).flat();
    for (int w = 0; w < WIDTH; w++) {
      for (int c = 0; c < CHANNELS; c++) {
        for (int i = 0; i < patches.kernel(); i++) {
          for (int j = 0; j < patches.kernel(); j++) {
            int y = row * patches.stride() - patches.padding() + i;
            int x = column * patches.stride() - patches.padding() + j;
            if (y >= 0 && y < SIZE && x >= 0 && x < SIZE) {
              out[w] += weight.at(w, c, i, j) * image[(c * SIZE + y) * SIZE + x];
            }
          }
        }
      }
    }
    return out;
  }

  private static double[] normalised(Parameters phi, double[] x) {
    double mean = 0;
    double square = 0;
    for (double value : x) {
      mean += value / WIDTH;
      square += value * value / WIDTH;
    }
    double[] gain = Values.of(phi.view("LayerNorm.weight")).flat();
    double[] bias = Values.of(phi.view("LayerNorm.bias")).flat();
    double[] out = new double[WIDTH];
    for (int w = 0; w < WIDTH; w++) {
      double z = (x[w] - mean) / Math.sqrt(square - mean * mean + EPSILON);
      out[w] = z * gain[w] + bias[w];
    }
    return out;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isAConvolutionAndWhatFollowsIt(Kind kind) {
    SampleShape shape = new SampleShape(CHANNELS, SIZE, SIZE);
    ImageEmbedder embedder = kind.embedder(shape);
    int all = kind.prefix + 9;
    Random random = new Random(4);
    Parameters phi = Parameters.zeros(embedder.layout(), TestDevice.doubles());
    Values.gaussian(random, phi.length()).into(phi.vector());
    float[] features = new float[BATCH * shape.length()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Tokens tokens = embedder.embed(tape, Leaves.of(tape, phi), features);
      Values values = Values.of(tokens.values().value());
      assertThat(tokens.height()).isEqualTo(3);
      assertThat(tokens.width()).isEqualTo(3);
      assertThat(tokens.batch()).isEqualTo(BATCH);
      assertThat(tokens.size()).isEqualTo(all).isEqualTo(embedder.tokens());
      for (int b = 0; b < BATCH; b++) {
        float[] image = Arrays.copyOfRange(features, b * shape.length(), (b + 1) * shape.length());
        for (int token = 0; token < all; token++) {
          int place = token - kind.prefix;
          double[] expected =
              place < 0
                  ? new double[WIDTH]
                  : convolved(phi, kind.patches, image, place / 3, place % 3);
          if (kind.isNormed()) {
            expected = normalised(phi, expected);
          } else {
            Values positions = Values.of(phi.view("position_embeddings.weight"));
            for (int w = 0; w < WIDTH; w++) {
              expected[w] += positions.at(token, w);
            }
          }
          assertThat(values.row((long) b * all + token))
              .as("token %d of image %d", token, b)
              .containsExactly(expected, within(1e-9));
        }
      }
    }
  }

  /** A constant image stays constant under a resize, so every inner token of Swin is the same. */
  @ParameterizedTest
  @MethodSource("kinds")
  void samplesAreResizedToTheSizeOfTheEncoder(Kind kind) {
    SampleShape shape = new SampleShape(CHANNELS, 3, 29);
    ImageEmbedder embedder = kind.embedder(shape);
    ImageEmbedder square = kind.embedder(new SampleShape(CHANNELS, SIZE, SIZE));
    assertThat(embedder.layout().length()).isEqualTo(square.layout().length());
    Parameters phi = Parameters.zeros(embedder.layout(), TestDevice.doubles());
    Values.gaussian(new Random(8), phi.length()).into(phi.vector());
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Leaves leaves = Leaves.of(tape, phi);
      Array resized = embedder.embed(tape, leaves, constant(3 * 29)).values().value();
      Array plain = square.embed(tape, leaves, constant(SIZE * SIZE)).values().value();
      assertThat(resized.shape()).containsExactly(plain.shape());
      assertThat(Values.of(resized).flat()).containsExactly(Values.of(plain).flat());
    }
  }

  private static float[] constant(int points) {
    float[] features = new float[CHANNELS * points];
    for (int i = 0; i < features.length; i++) {
      features[i] = i < points ? 0.5f : -2;
    }
    return features;
  }
}
