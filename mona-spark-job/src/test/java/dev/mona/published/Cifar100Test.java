package dev.mona.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100Test {
  private static final int RECORD = 2 + 3072;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.write(folder.resolve("train.bin"), records(3, 7));
    Files.write(folder.resolve("test.bin"), records(2, 40));
    Files.writeString(
        folder.resolve("fine_label_names.txt"),
        IntStream.range(0, 100).mapToObj(i -> "class" + i).collect(Collectors.joining("\n")));
  }

  /** Image i has the coarse label 19, the fine label first + i, and pixel k the level k + i. */
  private static byte[] records(int images, int first) {
    byte[] bytes = new byte[images * RECORD];
    for (int i = 0; i < images; i++) {
      bytes[i * RECORD] = 19;
      bytes[i * RECORD + 1] = (byte) (first + i);
      for (int k = 0; k < 3072; k++) {
        bytes[i * RECORD + 2 + k] = (byte) (k + i);
      }
    }
    return bytes;
  }

  private SetSource open(PublishedFormat format) throws IOException {
    return PublishedFiles.open(format, folder, 1);
  }

  @Test
  void fineLabelsAreTheClassesAndColoursComeFirst() throws IOException {
    try (SetSource set = open(PublishedFormat.CIFAR100)) {
      assertThat(set.card().outputs()).isEqualTo(100);
      assertThat(set.card().classNames()).startsWith("class0", "class1").endsWith("class99");
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.size()).isEqualTo(3);
      assertThat(train.shape()).isEqualTo(new SampleShape(3, 32, 32));
      assertThat(PublishedFiles.labels(train, 2, 1)).containsExactly(9);
      double[] image = PublishedFiles.features(train, 1);
      for (int k = 0; k < 3072; k++) {
        assertThat(image[k]).isEqualTo((k + 1) % 256);
      }
      assertThat(PublishedFiles.samples(set, Split.TEST).size()).isEqualTo(2);
      assertThat(set.samples(Split.VAL)).isEmpty();
    }
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    Files.write(folder.resolve("test.bin"), new byte[RECORD + 1]);
    assertRefused("3075 bytes, no multiple of the 3074");
    byte[] bytes = records(1, 100);
    Files.write(folder.resolve("test.bin"), bytes);
    try (SetSource set = open(PublishedFormat.CIFAR100)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThatThrownBy(() -> PublishedFiles.labels(test, 0, 1))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("has the class 100");
    }
    Files.writeString(folder.resolve("fine_label_names.txt"), "one\ntwo\n");
    assertRefused("names 2 classes");
    Files.delete(folder.resolve("train.bin"));
    assertRefused("train.bin does not exist");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> open(PublishedFormat.CIFAR100).close())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rotationsAreRotationsAndAFunctionOfSplitAndSample() {
    double[][] r = Spherical.rotation(0, 5);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double product = 0;
        for (int k = 0; k < 3; k++) {
          product += r[i][k] * r[j][k];
        }
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-12));
      }
    }
    double determinant =
        r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
            - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
            + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
    assertThat(determinant).isCloseTo(1, within(1e-12));
    assertThat(Spherical.rotation(0, 5)).isDeepEqualTo(r);
    assertThat(Spherical.rotation(0, 6)[0]).isNotEqualTo(r[0]);
    assertThat(Spherical.rotation(1, 5)[0]).isNotEqualTo(r[0]);
  }

  /**
   * Without a turn, the image 1 + 2 column + 3 row is linear, so that bilinear reading is exact: at
   * (beta, alpha) on the lower half stands the point cot(beta / 2) (cos alpha, sin alpha).
   */
  @Test
  void theImageLiesOnTheLowerHalfOfTheSphere() {
    int side = 8;
    double[] image = new double[side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image[y * side + x] = 1 + 2 * x + 3 * y;
      }
    }
    double[] seen = new double[3600];
    double[][] identity = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    Spherical.project(image, side, identity, seen);
    for (int j = 0; j < 60; j++) {
      double beta = Math.PI * (2 * j + 1) / 120;
      double radius = Math.cos(beta / 2) / Math.sin(beta / 2);
      for (int k = 0; k < 60; k++) {
        double x = (radius * Math.cos(Math.PI * k / 30) + 1) / 2 * (side - 1);
        double y = (radius * Math.sin(Math.PI * k / 30) + 1) / 2 * (side - 1);
        double expected = beta < Math.PI / 2 ? 0 : 1 + 2 * x + 3 * y;
        assertThat(seen[j * 60 + k]).as(j + ", " + k).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void everyImageIsTurnedOnItsOwn() throws IOException {
    Files.write(folder.resolve("train.bin"), concat(records(1, 3), records(1, 3)));
    try (SetSource set = open(PublishedFormat.SPHERICAL)) {
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.shape()).isEqualTo(new SampleShape(3, 60, 60));
      double[] first = PublishedFiles.features(train, 0);
      assertThat(PublishedFiles.features(train, 0)).isEqualTo(first);
      assertThat(PublishedFiles.features(train, 1)).isNotEqualTo(first);
      assertThat(PublishedFiles.labels(train, 1, 1)).containsExactly(3);
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
