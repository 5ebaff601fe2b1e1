package dev.mona.dataframe;

import dev.mona.data.Split;
import java.io.Serializable;
import java.util.Comparator;

/** Where a sample belongs: in the order of the splits, and of the ids within each. */
record FramePlace(Split split, long id) implements Comparable<FramePlace>, Serializable {
  private static final Comparator<FramePlace> ORDER =
      Comparator.comparing(FramePlace::split).thenComparingLong(FramePlace::id);

  @Override
  public int compareTo(FramePlace other) {
    return ORDER.compare(this, other);
  }
}
