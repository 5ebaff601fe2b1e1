package dev.mona.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sink;
import us.hebi.matlab.mat.types.Sinks;

class DarcyFlowTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 7;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    write(DarcyFlow.TRAIN_FILE, 6, field(3, 0), field(3, 0.5));
    write(DarcyFlow.TEST_FILE, 0, field(2, 1000), field(2, 1000.5));
  }

  /** Point (r, c) of sample i has the value 100 i + 10 r + c, shifted. */
  private static Matrix field(int samples, double shift) {
    Matrix matrix = Mat5.newMatrix(new int[] {samples, ROWS, COLUMNS});
    for (int i = 0; i < samples; i++) {
      for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          matrix.setDouble(new int[] {i, r, c}, 100 * i + 10 * r + c + shift);
        }
      }
    }
    return matrix;
  }

  /** The published files have more variables than the two that are read. */
  private void write(String file, int deflate, Matrix coefficient, Matrix solution)
      throws IOException {
    MatFile content =
        Mat5.newMatFile()
            .addArray("Kcoeff", Mat5.newMatrix(2, 2))
            .addArray("coeff", coefficient)
            .addArray("note", Mat5.newString("text"))
            .addArray("sol", solution);
    Files.deleteIfExists(folder.resolve(file));
    try (Sink sink = Sinks.newStreamingFile(folder.resolve(file).toFile())) {
      Mat5.newWriter(sink).setDeflateLevel(deflate).writeMat(content);
    }
  }

  private SetSource open(int stride) throws IOException {
    return PublishedFiles.open(PublishedFormat.DARCY, folder, stride);
  }

  @Test
  void readsCompressedAndPlainVariables() throws IOException {
    try (SetSource set = open(1)) {
      assertThat(set.card().kind()).isEqualTo(TaskKind.DENSE);
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.size()).isEqualTo(3);
      assertThat(train.shape()).isEqualTo(new SampleShape(3, ROWS, COLUMNS));
      double[] permeability = PublishedFiles.features(train, 2);
      double[] pressure = PublishedFiles.labels(train, 2, ROWS * COLUMNS);
      for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          assertThat(permeability[r * COLUMNS + c]).isEqualTo(200 + 10 * r + c);
          assertThat(pressure[r * COLUMNS + c]).isEqualTo(200.5 + 10 * r + c);
        }
      }
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(test.size()).isEqualTo(2);
      assertThat(PublishedFiles.features(test, 1)[0]).isEqualTo(1100);
      assertThat(set.samples(Split.VAL)).isEmpty();
    }
  }

  @Test
  void theStrideStartsAtTheEdge() throws IOException {
    try (SetSource set = open(3)) {
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.shape()).isEqualTo(new SampleShape(3, 2, 3));
      assertThat(PublishedFiles.features(train, 1))
          .containsExactly(100, 103, 106, 130, 133, 136, 0, 0, 0, 1, 1, 1, 0, 0.5, 1, 0, 0.5, 1);
    }
  }

  @Test
  void refusesOtherFiles() throws IOException {
    write(DarcyFlow.TEST_FILE, 0, field(2, 0), field(3, 0));
    assertRefused("has coeff and sol of different shapes");
    MatFile lacking = Mat5.newMatFile().addArray("coeff", field(2, 0));
    Files.delete(folder.resolve(DarcyFlow.TEST_FILE));
    Mat5.writeToFile(lacking, folder.resolve(DarcyFlow.TEST_FILE).toFile());
    assertRefused("has no real numbers sol");
    write(DarcyFlow.TEST_FILE, 0, Mat5.newMatrix(2, 2), field(2, 0));
    assertRefused("has coeff of shape [2, 2], not up to 268435456 values [N, height, width]");
    Matrix infinite = field(2, 0);
    infinite.setDouble(new int[] {1, 0, 0}, Double.POSITIVE_INFINITY);
    write(DarcyFlow.TEST_FILE, 0, field(2, 0), infinite);
    assertRefused("has the value Infinity of sol in sample 1");
    write(DarcyFlow.TEST_FILE, 0, field(2, 0), Mat5.newComplex(new int[] {2, ROWS, COLUMNS}));
    assertRefused("has no real numbers sol");
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    Path file = folder.resolve(DarcyFlow.TRAIN_FILE);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertRefused("cannot be read as a MATLAB file");
    // version 7.3 is HDF5 behind a header of MATLAB, which says version 2 and not 1
    byte[] newer = Arrays.copyOf("MATLAB 7.3 MAT-file".getBytes(StandardCharsets.US_ASCII), 2048);
    newer[125] = 2;
    newer[126] = 'I';
    newer[127] = 'M';
    Files.write(file, newer);
    assertRefused("cannot be read as a MATLAB file of version 5 (option -v7)");
    Files.delete(file);
    assertRefused("does not exist");
  }

  private void assertRefused(String problem) {
    assertThatThrownBy(() -> open(1).close())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(problem);
  }
}
