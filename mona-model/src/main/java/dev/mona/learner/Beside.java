package dev.mona.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where in an epoch of a partition the samples stand that a batch has beside itself, in batches of
 * the same size: behind it, in the window of its last sample, which goes on at the window's start;
 * in the whole partition where a window is too short. A pure function of the epoch's windows and
 * the batch's place, whatever rounds there are. No sample is in two of these batches or in the
 * batch itself; the last of them may be smaller.
 *
 * @param from place of the first sample; the end of the span stands for its start
 * @param count samples
 * @param start first place of the span
 * @param end place behind the span
 */
record Beside(int from, int count, int start, int end) {

  /**
   * The batches beside one.
   *
   * @param from place of its first sample
   * @param to place behind its last
   * @param size samples of each of them
   * @param batches how many
   */
  static List<Beside> of(EpochWindows windows, int from, int to, int size, int batches) {
    int window = windows.at(to - 1);
    int start = windows.start(window);
    int end = windows.end(window);
    if (left(start, end, from, to) < (long) size * batches) {
      start = 0;
      end = windows.end(windows.count() - 1);
    }
    int left = left(start, end, from, to);
    if (left <= (long) size * (batches - 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a partition of %d samples has %d beside a batch of %d, too few for %d more of %d: use"
                  + " smaller batches or fewer partitions",
              end,
              left,
              to - from,
              batches,
              size));
    }
    List<Beside> beside = new ArrayList<>();
    int at = to;
    for (int b = 0; b < batches; b++) {
      int count = Math.min(size, left);
      beside.add(new Beside(at, count, start, end));
      int behind = end - at;
      at = count <= behind ? at + count : start + count - behind;
      left -= count;
    }
    return beside;
  }

  /** Samples of a span outside the batch. */
  private static int left(int start, int end, int from, int to) {
    return end - start - (to - Math.max(from, start));
  }
}
