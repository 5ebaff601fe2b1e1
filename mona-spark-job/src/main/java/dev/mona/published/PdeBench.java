package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.data.Card;
import dev.mona.data.Samples;
import dev.mona.data.SetSource;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.DataLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /** Values of a data set that is read as a whole. */
  private static final long MOST_IN_CHUNKS = 1L << 27;

  private final LocalCopy file;
  private final HdfFile hdf;
  private final Card card;
  private final Layout layout;
  private final int stride;
  private @Nullable Dataset read;
  private double[] values = {};

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

  private PdeBench(LocalCopy file, HdfFile hdf, String name, int stride) {
    this.file = file;
    this.hdf = hdf;
    this.stride = stride;
    layout = layout();
    card = new Card(name, "solutions of a PDE", TaskKind.DENSE, 1, List.of(), SOURCE, LICENCE);
    if (layout.samples < TEST_SHARE) {
      throw refused("has %d samples, at least 10 are needed".formatted(layout.samples));
    }
    if (layout.width % stride != 0 || (layout.height > 1 && layout.height % stride != 0)) {
      throw MonaException.configuration(
          "--stride %d does not divide the %d x %d points of %s: choose a divisor"
              .formatted(stride, layout.height, layout.width, file.name()));
    }
  }

  static PdeBench open(LocalCopy file, String name, int stride) throws IOException {
    HdfFile hdf;
    try {
      hdf = new HdfFile(file.path());
    } catch (HdfException e) {
      file.close();
      throw new MonaException(
          MonaException.Category.DATA,
          file.name() + " is no HDF5 file (" + e.getMessage() + "): fetch it again",
          e);
    }
    try {
      return new PdeBench(file, hdf, name, stride);
    } catch (RuntimeException e) {
      hdf.close();
      file.close();
      throw e;
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
          n[0], 1, n[1], n[2], true, (i, last) -> last ? slice(solution, i, 0) : slice(nu, i));
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
    Node node = group.getChildren().get(name);
    if (!(node instanceof Dataset dataset)) {
      throw refused("has no data set %s".formatted(name));
    }
    boolean real = dataset.getJavaType() == float.class || dataset.getJavaType() == double.class;
    if (!real || dataset.getDimensions().length != rank) {
      throw refused(
          "has %s of shape %s and type %s, not %d axes of floats"
              .formatted(
                  name,
                  Arrays.toString(dataset.getDimensions()),
                  dataset.getJavaType().getSimpleName(),
                  rank));
    }
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
            double[] field = slice(fields.get(f), i, last ? end : 0);
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
          double[] all = slice(samples.get(i), last ? end : 0);
          double[] first = new double[all.length / channels];
          for (int k = 0; k < first.length; k++) {
            first[k] = all[k * channels];
          }
          return first;
        });
  }

  /** The values behind leading indices. */
  private double[] slice(Dataset dataset, int... leading) {
    int[] shape = dataset.getDimensions();
    long[] offset = new long[shape.length];
    int[] size = shape.clone();
    for (int axis = 0; axis < leading.length; axis++) {
      offset[axis] = leading[axis];
      size[axis] = 1;
    }
    try {
      return dataset.getDataLayout() == DataLayout.CHUNKED
          ? cut(whole(dataset), shape, leading)
          : flat(dataset.getData(offset, size));
    } catch (HdfException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          file.name() + " cannot be read to its end (" + e.getMessage() + "): fetch it again",
          e);
    }
  }

  /** Chunks, perhaps compressed, are read as a whole; both states of a sample are in them. */
  private double[] whole(Dataset dataset) {
    if (dataset.getSize() > MOST_IN_CHUNKS) {
      throw MonaException.data(
          "%s holds %s in chunks, which cannot be read in parts: rewrite it with h5repack -l CONTI"
              .formatted(file.name(), dataset.getPath()));
    }
    if (!dataset.equals(read)) {
      values = flat(dataset.getDataFlat());
      read = dataset;
    }
    return values;
  }

  private static double[] cut(double[] all, int[] shape, int... leading) {
    int from = 0;
    int length = all.length;
    for (int axis = 0; axis < leading.length; axis++) {
      length /= shape[axis];
      from += leading[axis] * length;
    }
    return Arrays.copyOfRange(all, from, from + length);
  }

  private static double[] flat(Object nested) {
    if (nested instanceof double[] row) {
      return row;
    }
    if (nested instanceof float[] row) {
      double[] values = new double[row.length];
      for (int i = 0; i < row.length; i++) {
        values[i] = row[i];
      }
      return values;
    }
    Object[] parts = (Object[]) nested;
    double[] first = flat(parts[0]);
    double[] all = Arrays.copyOf(first, first.length * parts.length);
    for (int i = 1; i < parts.length; i++) {
      System.arraycopy(flat(parts[i]), 0, all, i * first.length, first.length);
    }
    return all;
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
      double[] state = layout.state.of(first + sample, last);
      int rows = layout.fields * layout.height;
      int down = layout.height == 1 ? 1 : stride;
      int to = 0;
      for (int row = 0; row < rows; row += down) {
        for (int column = 0; column < layout.width; column += stride) {
          double value = state[row * layout.width + column];
          if (!Double.isFinite(value)) {
            throw refused("has the value %s in sample %d".formatted(value, first + sample));
          }
          into[to++] = value;
        }
      }
    }
  }
}
