package dev.mona.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files in the layouts of PDEBench, whose values say where they stand. */
class PdeBenchTest {
  private static final int N = 20;

  private static final DatasetCreationOptions COMPRESSED =
      DatasetCreationOptions.builder().chunkDimensions(3, 2, 4).shuffle().deflate().build();

  @TempDir private Path folder;

  private Path write(Consumer<WritableHdfFile> content) {
    Path path = folder.resolve("file.hdf5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      content.accept(file);
    }
    return path;
  }

  private static SetSource open(Path file, int stride) throws IOException {
    return PublishedFiles.open(PublishedFormat.PDEBENCH, file, stride);
  }

  /** Field, sample, time and place as digits of one number. */
  private static float value(int field, int sample, int time, int place) {
    return 100_000 * field + 1000 * sample + 10 * time + 0.01f * place;
  }

  private static float[][][] series(int field, int times, int width) {
    float[][][] values = new float[N][times][width];
    for (int n = 0; n < N; n++) {
      for (int t = 0; t < times; t++) {
        for (int x = 0; x < width; x++) {
          values[n][t][x] = value(field, n, t, x);
        }
      }
    }
    return values;
  }

  /** Advection, Burgers, diffusion-reaction: the first tenth is the test split. */
  @Test
  void scalarEquationsOfOneDimension() throws IOException {
    Path file = write(hdf -> hdf.putDataset("tensor", series(0, 5, 8)));
    try (SetSource set = open(file, 4)) {
      assertThat(set.card().name()).isEqualTo("a_set");
      assertThat(set.samples(Split.VAL)).isEmpty();
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(train.size()).isEqualTo(18);
      assertThat(test.size()).isEqualTo(2);
      assertThat(train.shape()).isEqualTo(SampleShape.series(1, 2));
      assertThat(PublishedFiles.features(train, 3))
          .containsExactly(value(0, 5, 0, 0), value(0, 5, 0, 4));
      assertThat(PublishedFiles.labels(train, 3, 2))
          .containsExactly(value(0, 5, 4, 0), value(0, 5, 4, 4));
      assertThat(PublishedFiles.features(test, 1))
          .containsExactly(value(0, 1, 0, 0), value(0, 1, 0, 4));
    }
  }

  @Test
  void theHundredthStateIsTheLast() throws IOException {
    Path file = write(hdf -> hdf.putDataset("tensor", series(0, 130, 4)));
    try (SetSource set = open(file, 1)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(PublishedFiles.labels(test, 0, 4)[0]).isEqualTo(value(0, 0, 99, 0));
    }
  }

  @Test
  void flowIsDensityPressureAndVelocityOneAfterTheOther() throws IOException {
    Path file =
        write(
            hdf -> {
              hdf.putDataset("Vx", series(2, 3, 4));
              hdf.putDataset("density", series(0, 3, 4));
              hdf.putDataset("pressure", series(1, 3, 4));
            });
    try (SetSource set = open(file, 2)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(test.shape()).isEqualTo(SampleShape.series(1, 6));
      assertThat(PublishedFiles.labels(test, 1, 6))
          .containsExactly(
              value(0, 1, 2, 0),
              value(0, 1, 2, 2),
              value(1, 1, 2, 0),
              value(1, 1, 2, 2),
              value(2, 1, 2, 0),
              value(2, 1, 2, 2));
    }
  }

  @Test
  void darcyLeadsFromTheViscosityToTheSolution() throws IOException {
    float[][][] nu = new float[N][4][4];
    float[][][][] solution = new float[N][1][4][4];
    for (int n = 0; n < N; n++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          nu[n][y][x] = value(0, n, y, x);
          solution[n][0][y][x] = value(1, n, y, x);
        }
      }
    }
    Path file =
        write(
            hdf -> {
              hdf.putDataset("nu", nu);
              hdf.putDataset("tensor", solution);
            });
    try (SetSource set = open(file, 2)) {
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.shape()).isEqualTo(new SampleShape(1, 2, 2));
      assertThat(PublishedFiles.features(train, 0))
          .containsExactly(
              value(0, 2, 0, 0), value(0, 2, 0, 2), value(0, 2, 2, 0), value(0, 2, 2, 2));
      assertThat(PublishedFiles.labels(train, 0, 4))
          .containsExactly(
              value(1, 2, 0, 0), value(1, 2, 0, 2), value(1, 2, 2, 0), value(1, 2, 2, 2));
    }
  }

  /** A group a sample, in the order of their names; the last tenth is the test split. */
  @Test
  void groupsHoldMapsOfSeveralChannels() throws IOException {
    Path file =
        write(
            hdf -> {
              for (int n = N - 1; n >= 0; n--) {
                WritableGroup group = hdf.putGroup("%04d".formatted(n));
                float[][][][] data = new float[3][2][4][2];
                for (int t = 0; t < 3; t++) {
                  for (int y = 0; y < 2; y++) {
                    for (int x = 0; x < 4; x++) {
                      data[t][y][x][0] = value(0, n, t, 10 * y + x);
                      data[t][y][x][1] = -1;
                    }
                  }
                }
                group.putDataset("data", data);
              }
            });
    try (SetSource set = open(file, 1)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(test.size()).isEqualTo(2);
      assertThat(test.shape()).isEqualTo(new SampleShape(1, 2, 4));
      double[] last = PublishedFiles.labels(test, 1, 8);
      assertThat(last)
          .startsWith(value(0, 19, 2, 0), value(0, 19, 2, 1))
          .endsWith(value(0, 19, 2, 13));
      assertThat(PublishedFiles.features(PublishedFiles.samples(set, Split.TRAIN), 4)[5])
          .isEqualTo(value(0, 4, 0, 11));
    }
  }

  @Test
  void groupsHoldSeries() throws IOException {
    Path file =
        write(
            hdf -> {
              for (int n = 0; n < 10; n++) {
                float[][][] data = new float[2][4][1];
                for (int x = 0; x < 4; x++) {
                  data[0][x][0] = value(0, n, 0, x);
                  data[1][x][0] = value(0, n, 1, x);
                }
                hdf.putGroup("000" + n).putDataset("data", data);
              }
            });
    try (SetSource set = open(file, 1)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(test.shape()).isEqualTo(SampleShape.series(1, 4));
      assertThat(PublishedFiles.labels(test, 0, 4)[3]).isEqualTo(value(0, 9, 1, 3));
    }
  }

  @Test
  void refusesWhatIsNoneOfThese() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no HDF5");
    assertRefused(text, 1, "cannot be read as an HDF5 file");
    assertRefused(folder.resolve("absent"), 1, "does not exist");
    assertRefused(write(hdf -> hdf.putDataset("other", new float[2])), 1, "has neither tensor");
    assertRefused(
        write(hdf -> hdf.putDataset("tensor", new int[12][2][2])), 1, "not 3 axes of floats");
    assertRefused(
        write(hdf -> hdf.putDataset("tensor", new float[12][2])), 1, "not 3 axes of floats");
    assertRefused(write(hdf -> hdf.putDataset("tensor", new float[9][2][2])), 1, "has 9 samples");
    assertRefused(
        write(hdf -> hdf.putDataset("tensor", series(0, 2, 8))), 3, "--stride 3 does not divide");
    Path whole = write(hdf -> hdf.putDataset("tensor", series(0, 2, 64)));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(
            () -> {
              try (SetSource set = open(cut, 1)) {
                Samples train = PublishedFiles.samples(set, Split.TRAIN);
                PublishedFiles.features(train, train.size() - 1);
              }
            })
        .isInstanceOf(MonaException.class);
    float[][][] damaged = series(0, 2, 4);
    damaged[0][0][2] = Float.NaN;
    try (SetSource set = open(write(hdf -> hdf.putDataset("tensor", damaged)), 1)) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThatThrownBy(() -> PublishedFiles.features(test, 0))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("has the value NaN in sample 0");
    }
  }

  /** Compressed chunks, and the double of each value that was stored as one. */
  @Test
  void chunksAreReadExactly() throws IOException {
    double[][][] values = new double[N][2][4];
    for (int n = 0; n < N; n++) {
      for (int t = 0; t < 2; t++) {
        for (int x = 0; x < 4; x++) {
          values[n][t][x] = 101325 + 1e-3 * (8 * n + 4 * t + x) / 3;
        }
      }
    }
    try (SetSource set = open(write(hdf -> hdf.putDataset("tensor", values, COMPRESSED)), 1)) {
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(PublishedFiles.features(train, 3)).containsExactly(values[5][0]);
      assertThat(PublishedFiles.labels(train, 3, 4)).containsExactly(values[5][1]);
    }
  }

  /** 64 KB of noise in the file give way to 64 KB that inflate to 64 MB. */
  @Test
  void aChunkThatInflatesToMoreThanItsSizeIsRefused() throws IOException {
    Random random = new Random(5);
    double[][][] noise = new double[16][2][256];
    ByteBuffer stored = ByteBuffer.allocate(16 * 2 * 256 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (double[][] sample : noise) {
      for (double[] state : sample) {
        for (int x = 0; x < state.length; x++) {
          state[x] = random.nextDouble();
          stored.putDouble(state[x]);
        }
      }
    }
    DatasetCreationOptions whole = DatasetCreationOptions.builder().deflate(6).build();
    Path file = write(hdf -> hdf.putDataset("tensor", noise, whole));
    byte[] bytes = Files.readAllBytes(file);
    byte[] chunk = deflated(stored.array());
    int at = 0;
    while (!Arrays.equals(bytes, at, at + chunk.length, chunk, 0, chunk.length)) {
      at++;
    }
    byte[] bomb = deflated(new byte[1000 * chunk.length]);
    assertThat(bomb.length).isLessThan(chunk.length);
    System.arraycopy(bomb, 0, bytes, at, bomb.length);
    Files.write(file, bytes);
    try (SetSource set = open(file, 1)) {
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThatThrownBy(() -> PublishedFiles.features(train, 0))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("inflates to more than the 65536 that it must have");
    }
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(6);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 1000];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  @Test
  void whatALinkLeadsToIsNoPartOfTheFile() throws IOException {
    Path files = Path.of("src/test/resources/fuzz");
    open(files.resolve("seeds/hdf5/contiguous.h5"), 1).close();
    assertRefused(files.resolve("hdf5/link.h5"), 1, "has no data set tensor");
  }

  private static void assertRefused(Path file, int stride, String message) {
    assertThatThrownBy(() -> open(file, stride).close())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(message);
  }
}
