package dev.mona.torch;

import dev.mona.compute.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of an array that is exchanged at a time.
 *
 * @param array the array
 * @param from its first value in it
 * @param length values
 */
record Part(Array array, long from, int length) {
  /** Values of a part at most: small beside a state, large beside what an exchange costs. */
  static final int LONGEST = 1 << 22;

  /** The part itself. */
  Array view() {
    return array.view(from, length);
  }

  /**
   * Parts that can be divided among members; fewer values than members are left at the end of each
   * array.
   */
  static List<Part> shared(List<Array> arrays, int members) {
    return of(arrays, LONGEST - LONGEST % members, members);
  }

  /** Parts that cover the arrays. */
  static List<Part> whole(List<Array> arrays) {
    return of(arrays, LONGEST, 1);
  }

  /** What {@link #shared} leaves. */
  static List<Part> ends(List<Array> arrays, int members) {
    List<Part> ends = new ArrayList<>();
    for (Array array : arrays) {
      int left = (int) (array.length() % members);
      if (left > 0) {
        ends.add(new Part(array, array.length() - left, left));
      }
    }
    return ends;
  }

  private static List<Part> of(List<Array> arrays, int most, int multiple) {
    List<Part> parts = new ArrayList<>();
    for (Array array : arrays) {
      long end = array.length() - array.length() % multiple;
      for (long from = 0; from < end; from += most) {
        parts.add(new Part(array, from, (int) Math.min(most, end - from)));
      }
    }
    return parts;
  }
}
