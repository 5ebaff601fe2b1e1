package dev.mona.dataframe;

import dev.mona.data.Split;
import java.util.Arrays;
import org.apache.spark.Partitioner;

/** The files of a set, a partition each, by the place of the first sample of each. */
final class FrameFiles extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final FramePlace[] starts;

  /**
   * @param starts ascending; the first one is the first place of all
   */
  FrameFiles(FramePlace[] starts) {
    this.starts = starts.clone();
  }

  @Override
  public int numPartitions() {
    return starts.length;
  }

  @Override
  public int getPartition(Object key) {
    int at = Arrays.binarySearch(starts, (FramePlace) key);
    return at >= 0 ? at : -at - 2;
  }

  /** The split of a file. */
  Split split(int file) {
    return starts[file].split();
  }

  /** The number of a file within its split. */
  int number(int file) {
    int first = file;
    while (first > 0 && split(first - 1) == split(file)) {
      first--;
    }
    return file - first;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrameFiles that && Arrays.equals(starts, that.starts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(starts);
  }
}
