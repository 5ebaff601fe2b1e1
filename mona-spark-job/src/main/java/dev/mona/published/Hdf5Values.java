package dev.mona.published;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.filter.FilterManager;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of data sets in an HDF5 file, read slice by slice. What a data set says of its size
 * is checked against the file and against a budget before anything is allocated.
 */
final class Hdf5Values {
  /** Values of a data set in chunks, which is read as a whole. */
  private static final long MOST_IN_CHUNKS = 1L << 27;

  /** Chunks of a data set, at least 16 KB each where a library chose. */
  private static final long MOST_CHUNKS = 1L << 20;

  /** Deflate, shuffle and Fletcher's checksum, which every HDF5 library has. */
  private static final Set<Integer> FILTERS = Set.of(1, 2, 3);

  static {
    FilterManager.addFilter(new BoundedDeflate());
  }

  private final String file;
  private final long length;
  private final ByteBudget budget;
  private @Nullable Dataset read;
  private ByteBuffer values = ByteBuffer.allocate(0);

  /**
   * Nothing is read yet.
   *
   * @param file its name for messages
   * @param length its bytes
   */
  Hdf5Values(String file, long length) {
    this.file = file;
    this.length = length;
    budget = ByteBudget.ofHeap(MonaException.Category.DATA, file);
  }

  /**
   * Checks that a data set has so many axes of floats, and as many values as its file can hold.
   *
   * @param name what messages call it
   */
  void require(Dataset dataset, String name, int rank) {
    int[] shape = dataset.getDimensions();
    boolean real =
        dataset.getDataType() instanceof FloatingPoint
            && (dataset.getDataType().getSize() == Float.BYTES
                || dataset.getDataType().getSize() == Double.BYTES);
    if (!real || shape.length != rank || Arrays.stream(shape).anyMatch(axis -> axis < 1)) {
      throw refused(
          String.format(
              Locale.ROOT,
              "has %s of shape %s and type %s, not %d axes of floats of 4 or 8 bytes",
              name,
              Arrays.toString(shape),
              dataset.getDataType().getClass().getSimpleName(),
              rank));
    }
    if (dataset instanceof ChunkedDataset chunked) {
      requireChunks(chunked, name, shape);
    } else if (product(shape, dataset.getDataType().getSize()) > length) {
      throw refused(
          String.format(
              Locale.ROOT,
              "has %s of shape %s, more than its %d bytes can hold",
              name,
              Arrays.toString(shape),
              length));
    }
  }

  private void requireChunks(ChunkedDataset dataset, String name, int[] shape) {
    if (product(shape, 1) > MOST_IN_CHUNKS) {
      throw MonaException.data(
          "%s holds %s in chunks, which cannot be read in parts: rewrite it with h5repack -l CONTI"
              .formatted(file, name));
    }
    for (PipelineFilterWithData filter : dataset.getFilters()) {
      if (!FILTERS.contains(filter.getId())) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s holds %s under the filter %d, which is not read: rewrite it with h5repack -f GZIP=4",
                file,
                name,
                filter.getId()));
      }
    }
    int[] chunk = dataset.getChunkDimensions();
    long chunks = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      if (chunk.length < shape.length || chunk[axis] < 1) {
        throw refused("has %s in chunks of %s".formatted(name, Arrays.toString(chunk)));
      }
      chunks = Math.min(MOST_CHUNKS + 1, chunks * (1 + (shape[axis] - 1) / chunk[axis]));
    }
    if (chunks > MOST_CHUNKS || product(chunk, 1) > MOST_IN_CHUNKS) {
      throw refused(
          "has %s of shape %s in chunks of %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(chunk)));
    }
  }

  /** The values behind leading indices of a data set that {@link #require} passed, row-major. */
  double[] slice(Dataset dataset, int... leading) {
    int[] shape = dataset.getDimensions();
    int size = dataset.getDataType().getSize();
    long[] offset = new long[shape.length];
    int[] part = shape.clone();
    for (int axis = 0; axis < leading.length; axis++) {
      offset[axis] = leading[axis];
      part[axis] = 1;
    }
    int count = Math.toIntExact(product(part, 1));
    double[] slice = new double[budget.array(count, Double.BYTES + size, "values")];
    if (dataset instanceof ChunkedDataset chunked) {
      ByteBuffer all = whole(chunked);
      int from = 0;
      int step = (int) product(shape, 1);
      for (int axis = 0; axis < leading.length; axis++) {
        step /= shape[axis];
        from += leading[axis] * step;
      }
      copy(all, from, size, slice);
    } else {
      copy(((DatasetBase) dataset).getSliceDataBuffer(offset, part), 0, size, slice);
    }
    budget.release((long) count * (Double.BYTES + size));
    return slice;
  }

  private static void copy(ByteBuffer from, int first, int size, double[] into) {
    for (int k = 0; k < into.length; k++) {
      int at = (first + k) * size;
      into[k] = size == Float.BYTES ? from.getFloat(at) : from.getDouble(at);
    }
  }

  /** Chunks, perhaps compressed, are read as a whole; both states of a sample are in them. */
  private ByteBuffer whole(ChunkedDataset dataset) {
    if (dataset != read) {
      budget.release(values.capacity());
      values = ByteBuffer.allocate(0);
      read = null;
      int[] shape = dataset.getDimensions();
      int size = dataset.getDataType().getSize();
      long bytes = product(shape, size);
      int chunk = Math.toIntExact(product(dataset.getChunkDimensions(), size));
      budget.take(bytes + chunk, "data set");
      BoundedDeflate.expect(chunk, budget);
      values = ((DatasetBase) dataset).getSliceDataBuffer(new long[shape.length], shape);
      values.order(((FloatingPoint) dataset.getDataType()).getByteOrder());
      budget.release(chunk);
      read = dataset;
    }
    return values;
  }

  private static long product(int[] shape, int last) {
    long product = last;
    for (int axis : shape) {
      product = axis > 0 && product > Long.MAX_VALUE / axis ? Long.MAX_VALUE : product * axis;
    }
    return product;
  }

  private MonaException refused(String problem) {
    return MonaException.data(file + " " + problem + ": give a file of PDEBench as published");
  }
}
