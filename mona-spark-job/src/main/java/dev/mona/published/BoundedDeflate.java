package dev.mona.published;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.filter.DeflatePipelineFilter;
import io.jhdf.filter.Filter;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The filter {@code deflate} of HDF5 in the place of jHDF's, which inflates for as long as there is
 * something to inflate: this one ends at the size that the chunk must have.
 */
final class BoundedDeflate implements Filter {
  private static final ThreadLocal<Bound> BOUND = new ThreadLocal<>();

  /**
   * What may come out.
   *
   * @param bytes of a chunk
   * @param budget of the file
   */
  private record Bound(int bytes, ByteBudget budget) {}

  /** Room for what other filters put around a chunk, a checksum. */
  private static final int SLACK = 64;

  /** Says what the chunks that this thread reads next inflate to. */
  static void expect(int chunkBytes, ByteBudget budget) {
    BOUND.set(new Bound(chunkBytes, budget));
  }

  @Override
  public int getId() {
    return DeflatePipelineFilter.ID;
  }

  @Override
  public String getName() {
    return "deflate";
  }

  @Override
  public byte[] decode(byte[] compressed, int[] filterData) {
    Bound bound = BOUND.get();
    if (bound == null) {
      throw new IllegalStateException("nobody said how large the chunks are");
    }
    long most = (long) bound.bytes + SLACK;
    bound.budget.take(most, "chunk");
    byte[] inflated = new byte[Math.toIntExact(most)];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      int length = 0;
      while (!inflater.finished() && length < inflated.length) {
        int read = inflater.inflate(inflated, length, inflated.length - length);
        if (read == 0 && !inflater.finished()) {
          throw new HdfFilterException("a chunk ends too early");
        }
        length += read;
      }
      if (!inflater.finished()) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "a chunk of %d bytes inflates to more than the %d that it must have: the file is damaged, fetch it again",
                compressed.length,
                bound.bytes));
      }
      return Arrays.copyOf(inflated, length);
    } catch (DataFormatException e) {
      throw new HdfFilterException("a chunk cannot be inflated", e);
    } finally {
      inflater.end();
      bound.budget.release(most);
    }
  }

  @Override
  public byte[] encode(byte[] data, int[] filterData) {
    return new DeflatePipelineFilter().encode(data, filterData);
  }
}
