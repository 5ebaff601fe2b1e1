package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file of PDEBench (Takamoto et al. 2022): from the first state of a solution to its last one.
 * The file says by its names which layout it has:
 *
 * <pre>
 * tensor [N, T, X]                          advection, Burgers, 1-D diffusion-reaction
 * density, pressure, Vx [N, T, X]           1-D compressible flow: the three, one after the other
 * nu [N, H, W], tensor [N, 1, H, W]         Darcy: from nu to tensor
 * 0000/data, 0001/data ..
 *   [T, X, 1] or [T, H, W, channels]        diffusion-sorption, shallow water, 2-D diffusion-
 *                                           reaction: the first channel
 * </pre>
 *
 * <p>The state 99 counts as the last where there are more than 100. A tenth is the test split: the
 * first samples of the layouts of one file, the last ones of those with a group a sample, as in
 * PDEBench's own loaders.
 */
final class PdeBench implements SetSource {
  private static final String SOURCE = "PDEBench (Takamoto et al. 2022)";
  private static final String LICENCE = "CC BY 4.0";
  private static final int LAST_STATE = 99;
  private static final int TEST_SHARE = 10;

  private static final String FORM = "an HDF5 file";

  private final LocalCopy file;
  private final long length;
  private final HdfFile hdf;
  private final Hdf5Values values;
  private final Card card;
  private final Layout layout;
  private final int stride;

  /** Reads one state of one sample, row-major {@code [H, W]} of one field after the other. */
  private interface State {
    double[] of(int sample, boolean last);
  }

  /**
   * What a file holds.
   *
   * @param samples N
   * @param fields fields of a state, one after the other
   * @param height of a field; 1 in one dimension
   * @param width of a field
   * @param testFirst whether the test samples come first
   * @param state reads
   */
  private record Layout(
      int samples, int fields, int height, int width, boolean testFirst, State state) {}

  private PdeBench(LocalCopy file, long length, HdfFile hdf, String name, int stride) {
    this.file = file;
    this.length = length;
    this.hdf = hdf;
    this.stride = stride;
    values = new Hdf5Values(file.name(), length);
    layout = ForeignParser.run(file.name(), FORM, length, this::layout);
    card = new Card(name, "solutions of a PDE", TaskKind.DENSE, 1, List.of(), SOURCE, LICENCE);
    if (layout.samples < TEST_SHARE) {
      throw refused(
          String.format(Locale.ROOT, "has %d samples, at least 10 are needed", layout.samples));
    }
    if (layout.width % stride != 0 || (layout.height > 1 && layout.height % stride != 0)) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "--stride %d does not divide the %d x %d points of %s: choose a divisor",
              stride,
              layout.height,
              layout.width,
              file.name()));
    }
  }

  static PdeBench open(LocalCopy file, String name, int stride) throws IOException {
    try {
      long length = Files.size(file.path());
      HdfFile hdf = ForeignParser.run(file.name(), FORM, length, () -> hdf(file.path(), length));
      try {
        return new PdeBench(file, length, hdf, name, stride);
      } catch (RuntimeException e) {
        hdf.close();
        throw e;
      }
    } catch (RuntimeException | IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Mapped where one buffer can hold it: lengths in the file are then checked against the file, not
   * allocated.
   */
  private static HdfFile hdf(Path path, long length) throws IOException {
    if (length > Integer.MAX_VALUE) {
      return new HdfFile(path);
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return HdfFile.fromByteBuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, length));
    }
  }

  private MonaException refused(String problem) {
    return MonaException.data(
        file.name() + " " + problem + ": give a file of PDEBench as published");
  }

  private Layout layout() {
    if (child("nu").isPresent()) {
      Dataset nu = dataset(hdf, "nu", 3);
      Dataset solution = dataset(hdf, "tensor", 4);
      int[] n = nu.getDimensions();
      int[] s = solution.getDimensions();
      if (s[0] != n[0] || s[1] != 1 || s[2] != n[1] || s[3] != n[2]) {
        throw refused("has nu %s and tensor %s".formatted(Arrays.toString(n), Arrays.toString(s)));
      }
      return new Layout(
          n[0],
          1,
          n[1],
          n[2],
          true,
          (i, last) -> last ? values.slice(solution, i, 0) : values.slice(nu, i));
    }
    if (child("tensor").isPresent()) {
      return series(List.of(dataset(hdf, "tensor", 3)));
    }
    if (child("density").isPresent()) {
      return series(
          List.of(dataset(hdf, "density", 3), dataset(hdf, "pressure", 3), dataset(hdf, "Vx", 3)));
    }
    return groups();
  }

  private Optional<Node> child(String name) {
    return Optional.ofNullable(hdf.getChildren().get(name));
  }

  private Dataset dataset(Group group, String name, int rank) {
    // a link to another file is no data set
    if (!(group.getChildren().get(name) instanceof Dataset dataset)) {
      throw refused("has no data set %s".formatted(name));
    }
    values.require(dataset, name, rank);
    return dataset;
  }

  private Layout series(List<Dataset> fields) {
    int[] shape = fields.get(0).getDimensions();
    for (Dataset field : fields) {
      if (!Arrays.equals(field.getDimensions(), shape)) {
        throw refused(
            "has fields of shapes %s and %s"
                .formatted(Arrays.toString(shape), Arrays.toString(field.getDimensions())));
      }
    }
    int end = Math.min(LAST_STATE, shape[1] - 1);
    int width = shape[2];
    return new Layout(
        shape[0],
        fields.size(),
        1,
        width,
        true,
        (i, last) -> {
          double[] state = new double[fields.size() * width];
          for (int f = 0; f < fields.size(); f++) {
            double[] field = values.slice(fields.get(f), i, last ? end : 0);
            System.arraycopy(field, 0, state, f * width, width);
          }
          return state;
        });
  }

  private Layout groups() {
    List<Dataset> samples = new ArrayList<>();
    for (Node node : new TreeMap<>(hdf.getChildren()).values()) {
      if (node instanceof Group group) {
        Node data = group.getChildren().get("data");
        int rank = data instanceof Dataset found ? found.getDimensions().length : 0;
        samples.add(dataset(group, "data", Math.max(3, Math.min(4, rank))));
      }
    }
    if (samples.isEmpty()) {
      throw refused("has neither tensor, density nor groups with data");
    }
    int[] shape = samples.get(0).getDimensions();
    for (Dataset sample : samples) {
      if (!Arrays.equals(sample.getDimensions(), shape)) {
        throw refused(
            "has samples of shapes %s and %s"
                .formatted(Arrays.toString(shape), Arrays.toString(sample.getDimensions())));
      }
    }
    int end = Math.min(LAST_STATE, shape[0] - 1);
    int channels = shape[shape.length - 1];
    int height = shape.length == 4 ? shape[1] : 1;
    return new Layout(
        samples.size(),
        1,
        height,
        shape[shape.length - 2],
        false,
        (i, last) -> {
          double[] all = values.slice(samples.get(i), last ? end : 0);
          double[] first = new double[all.length / channels];
          for (int k = 0; k < first.length; k++) {
            first[k] = all[k * channels];
          }
          return first;
        });
  }

  @Override
  public Card card() {
    return card;
  }

  @Override
  public Optional<Samples> samples(Split split) {
    int test = layout.samples / TEST_SHARE;
    int train = layout.samples - test;
    return switch (split) {
      case TRAIN -> Optional.of(new Part(layout.testFirst ? test : 0, train));
      case TEST -> Optional.of(new Part(layout.testFirst ? 0 : train, test));
      case VAL -> Optional.empty();
    };
  }

  @Override
  public void close() throws IOException {
    hdf.close();
    file.close();
  }

  /** Consecutive samples of the file. */
  private final class Part implements Samples {
    private final int first;
    private final int size;

    Part(int first, int size) {
      this.first = first;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public SampleShape shape() {
      int width = layout.width / stride;
      return layout.height == 1
          ? SampleShape.series(1, layout.fields * width)
          : new SampleShape(1, layout.height / stride, width);
    }

    @Override
    public void features(int sample, double[] into) {
      take(sample, false, into);
    }

    @Override
    public void labels(int sample, double[] into) {
      take(sample, true, into);
    }

    private void take(int sample, boolean last, double[] into) {
      double[] state =
          ForeignParser.run(file.name(), FORM, length, () -> layout.state.of(first + sample, last));
      int rows = layout.fields * layout.height;
      int down = layout.height == 1 ? 1 : stride;
      int to = 0;
      for (int row = 0; row < rows; row += down) {
        for (int column = 0; column < layout.width; column += stride) {
          double value = state[row * layout.width + column];
          if (!Double.isFinite(value)) {
            throw refused(
                String.format(Locale.ROOT, "has the value %s in sample %d", value, first + sample));
          }
          into[to++] = value;
        }
      }
    }
  }
}
