package dev.mona.published;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import us.hebi.matlab.mat.format.BufferAllocator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5Reader;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * Darcy flow of the Fourier neural operator (Li et al., ICLR 2021), from which NAS-Bench-360 takes
 * its set: the MATLAB files {@code piececonst_r421_N1024_smooth1.mat} and {@code ..smooth2.mat},
 * each with the permeability {@code coeff [N, H, W]} and the pressure {@code sol [N, H, W]}. As in
 * the benchmark, the first 1,000 samples of the one are train and the first 100 of the other test,
 * and a sample has three channels: the permeability, and the coordinates of each point, from 0 to 1
 * down and across.
 *
 * <p>A published variable has 1.5 GB, and reading one takes as much memory on the heap; what is
 * kept are the points of the stride.
 */
final class DarcyFlow implements SetSource {
  static final String TRAIN_FILE = "piececonst_r421_N1024_smooth1.mat";
  static final String TEST_FILE = "piececonst_r421_N1024_smooth2.mat";
  private static final int TRAIN_SAMPLES = 1000;
  private static final int TEST_SAMPLES = 100;

  /** Values of a variable; those that are published have 182 million. */
  private static final long MOST_VALUES = 1L << 28;

  /** Deflate makes at most so many bytes, and so many values, of one. */
  private static final long MOST_PACKED = 1032;

  private final Card card;
  private final Map<Split, Fields> fields;

  /**
   * Fields of a split on the points of the stride.
   *
   * @param height points from top to bottom
   * @param width points from left to right
   * @param permeability {@code [n, H, W]}
   * @param pressure {@code [n, H, W]}
   */
  private record Fields(int height, int width, double[] permeability, double[] pressure)
      implements Samples {
    private int points() {
      return height * width;
    }

    @Override
    public int size() {
      return pressure.length / points();
    }

    @Override
    public SampleShape shape() {
      return new SampleShape(3, height, width);
    }

    @Override
    public void features(int sample, double[] into) {
      System.arraycopy(permeability, sample * points(), into, 0, points());
      for (int point = 0; point < points(); point++) {
        into[points() + point] = coordinate(point / width, height);
        into[2 * points() + point] = coordinate(point % width, width);
      }
    }

    private static double coordinate(int at, int points) {
      return points == 1 ? 0 : (double) at / (points - 1);
    }

    @Override
    public void labels(int sample, double[] into) {
      System.arraycopy(pressure, sample * points(), into, 0, points());
    }
  }

  /** A variable {@code [n, height, width]}, row-major. */
  private record Variable(int height, int width, double[] values) {}

  private DarcyFlow(Card card, Map<Split, Fields> fields) {
    this.card = card;
    this.fields = fields;
  }

  static DarcyFlow open(Configuration hadoop, Path folder, String name, int stride)
      throws IOException {
    Map<Split, Fields> fields = new EnumMap<>(Split.class);
    fields.put(Split.TRAIN, fields(hadoop, new Path(folder, TRAIN_FILE), TRAIN_SAMPLES, stride));
    fields.put(Split.TEST, fields(hadoop, new Path(folder, TEST_FILE), TEST_SAMPLES, stride));
    Card card =
        new Card(
            name,
            "Darcy flow, permeability to pressure",
            TaskKind.DENSE,
            1,
            List.of(),
            "Fourier neural operator (Li et al. 2021)",
            "no licence text; the authors ask for a citation");
    return new DarcyFlow(card, fields);
  }

  private static Fields fields(Configuration hadoop, Path path, int most, int stride)
      throws IOException {
    try (LocalCopy file = LocalCopy.of(hadoop, path)) {
      Variable in = variable(file, "coeff", most, stride);
      Variable out = variable(file, "sol", most, stride);
      if (in.height != out.height
          || in.width != out.width
          || in.values.length != out.values.length) {
        throw refused(file, "has coeff and sol of different shapes");
      }
      return new Fields(in.height, in.width, in.values, out.values);
    }
  }

  private static Variable variable(LocalCopy file, String name, int most, int stride)
      throws IOException {
    long length = Files.size(file.path());
    return ForeignParser.run(
        file.name(),
        "a MATLAB file of version 5 (option -v7)",
        length,
        () -> {
          try (Source source = Sources.openFile(file.path().toFile())) {
            for (MatFile.Entry entry : read(file, source, name, length).getEntries()) {
              if (entry.getName().equals(name)
                  && entry.getValue() instanceof Matrix matrix
                  && !matrix.isComplex()) {
                return strided(file, name, matrix, most, stride);
              }
            }
            throw refused(file, "has no real numbers " + name);
          }
        });
  }

  private static MatFile read(LocalCopy file, Source source, String name, long length)
      throws IOException {
    return Mat5.newReader(source)
        .disableSubsystemProcessing()
        .setBufferAllocator(new Budgeted(file, length))
        .setEntryFilter(entry -> wanted(file, name, length, entry))
        .readMat();
  }

  /** Checks the shape before its values are read. */
  private static boolean wanted(
      LocalCopy file, String name, long length, Mat5Reader.EntryHeader entry) {
    if (!entry.getName().equals(name)) {
      return false;
    }
    int[] shape = entry.getDimensions();
    long values = 1;
    for (int side : shape) {
      values = Math.min(MOST_VALUES + 1, values * Math.max(0, side));
    }
    if (shape.length != 3 || values < 1 || values > MOST_VALUES) {
      throw refused(
          file,
          String.format(
              Locale.ROOT,
              "has %s of shape %s, not up to %d values [N, height, width]",
              name,
              Arrays.toString(shape),
              MOST_VALUES));
    }
    if (values / MOST_PACKED > length) {
      throw refused(
          file,
          String.format(
              Locale.ROOT,
              "has %s of shape %s, more than its %d bytes can hold",
              name,
              Arrays.toString(shape),
              length));
    }
    return true;
  }

  /** Buffers for the values, whose sizes the file gives. */
  private static final class Budgeted implements BufferAllocator {
    private final LocalCopy file;
    private final long length;
    private final ByteBudget budget;

    Budgeted(LocalCopy file, long length) {
      this.file = file;
      this.length = length;
      budget = ByteBudget.ofHeap(MonaException.Category.DATA, file.name());
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      if (bytes < 0 || bytes / MOST_PACKED > length) {
        throw refused(
            file,
            String.format(
                Locale.ROOT,
                "has a part of %s bytes, more than its %d can hold",
                Integer.toUnsignedString(bytes),
                length));
      }
      budget.take(bytes, "values");
      return ByteBuffer.allocate(bytes);
    }

    @Override
    public void release(ByteBuffer buffer) {
      budget.release(buffer.capacity());
    }
  }

  /** MATLAB's order has the first axis, that of the samples, fastest. */
  private static Variable strided(
      LocalCopy file, String name, Matrix matrix, int most, int stride) {
    int[] shape = matrix.getDimensions();
    int rows = (shape[1] - 1) / stride + 1;
    int columns = (shape[2] - 1) / stride + 1;
    int samples = Math.min(most, shape[0]);
    double[] values = new double[samples * rows * columns];
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        int from = (column * stride * shape[1] + row * stride) * shape[0];
        for (int sample = 0; sample < samples; sample++) {
          double value = matrix.getDouble(from + sample);
          if (!Double.isFinite(value)) {
            throw refused(
                file,
                String.format(
                    Locale.ROOT, "has the value %s of %s in sample %d", value, name, sample));
          }
          values[(sample * rows + row) * columns + column] = value;
        }
      }
    }
    return new Variable(rows, columns, values);
  }

  private static MonaException refused(LocalCopy file, String problem) {
    return MonaException.data(
        file.name() + " " + problem + ": give the folder of the published files");
  }

  @Override
  public Card card() {
    return card;
  }

  @Override
  public Optional<Samples> samples(Split split) {
    return Optional.ofNullable(fields.get(split));
  }

  @Override
  public void close() {
    // everything is in memory
  }
}
