package dev.mona.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BilinearResizeTest {
  private static float[] resized(float[] planes, int height, int width, int down, int across) {
    float[] to = new float[planes.length / (height * width) * down * across];
    new BilinearResize(height, width, down, across).apply(planes, to);
    return to;
  }

  /** Values of torch's interpolate with align_corners=False, antialias=False. */
  @Test
  void agreesWithPyTorch() {
    float[] plane = {1, 2, 4, 8, 16, 32};
    assertThat(resized(plane, 2, 3, 3, 2))
        .containsExactly(new float[] {1.25f, 3.5f, 5.625f, 15.75f, 10, 28}, within(1e-5f));
    assertThat(resized(plane, 2, 3, 4, 5))
        .containsExactly(
            new float[] {
              1, 1.4f, 2, 3.2f, 4, /**/ 2.75f, 3.85f, 5.5f, 8.8f, 11, /**/ 6.25f, 8.75f, 12.5f, 20,
              25, /**/ 8, 11.2f, 16, 25.6f, 32
            },
            within(1e-5f));
  }

  /** Each pixel is the sum over all pixels of hat functions of the distance to its centre. */
  @ParameterizedTest
  @CsvSource({
    "3, 5, 5, 11, 13",
    "2, 32, 32, 24, 24",
    "1, 7, 3, 7, 3",
    "2, 4, 1, 9, 6",
    "1, 1, 1, 3, 2",
    "1, 17, 33, 4, 7"
  })
  void isTheSumOfHatFunctions(int planes, int height, int width, int down, int across) {
    Random random = new Random(1);
    float[] from = new float[planes * height * width];
    for (int i = 0; i < from.length; i++) {
      from[i] = (float) random.nextGaussian();
    }
    float[] resized = resized(from, height, width, down, across);
    for (int i = 0; i < resized.length; i++) {
      double y = clamped((i / across % down + 0.5) * height / down - 0.5, height);
      double x = clamped((i % across + 0.5) * width / across - 0.5, width);
      double expected = 0;
      for (int k = 0; k < height * width; k++) {
        int row = k / width;
        double weight = hat(y - row) * hat(x - k % width);
        expected += weight * from[i / (down * across) * height * width + k];
      }
      assertThat(resized[i]).as("value %d", i).isCloseTo((float) expected, within(1e-5f));
    }
  }

  private static double clamped(double position, int size) {
    return Math.min(Math.max(position, 0), size - 1);
  }

  private static double hat(double distance) {
    return Math.max(0, 1 - Math.abs(distance));
  }
}
