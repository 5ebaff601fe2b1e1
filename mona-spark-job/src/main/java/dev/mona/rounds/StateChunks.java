package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a state's parameters, followed by its moments, into chunks of equal length (the last may be
 * shorter), and puts them together again.
 *
 * @param parameters number of parameters
 * @param moments number of moments
 * @param size floats of a chunk
 */
record StateChunks(int parameters, int moments, int size) implements Serializable {
  StateChunks {
    if (parameters < 0 || moments < 0 || size < 1) {
      throw new IllegalArgumentException("sizes must be >= 0 and the chunk size >= 1");
    }
  }

  static StateChunks of(TrainingState state, int size) {
    return new StateChunks(state.parameters().length, state.moments().length, size);
  }

  /** Number of chunks. */
  int count() {
    return Math.toIntExact(((long) parameters + moments + size - 1) / size);
  }

  /**
   * Where values lie in an array.
   *
   * @param array the array itself
   * @param from the first of them
   * @param length how many
   */
  record Range(float[] array, int from, int length) {}

  /**
   * The values of one chunk where they are, in their order: in one array of the state or in both.
   */
  List<Range> ranges(TrainingState state, int chunk) {
    check(state);
    long start = (long) chunk * size;
    int length = length(chunk);
    int inParameters = (int) Math.max(0, Math.min(length, parameters - start));
    List<Range> ranges = new ArrayList<>();
    if (inParameters > 0) {
      ranges.add(new Range(state.parameters(), (int) start, inParameters));
    }
    if (inParameters < length) {
      int from = (int) (start + inParameters - parameters);
      ranges.add(new Range(state.moments(), from, length - inParameters));
    }
    return ranges;
  }

  /** A copy of one chunk. */
  float[] cut(TrainingState state, int chunk) {
    float[] values = new float[length(chunk)];
    int at = 0;
    for (Range range : ranges(state, chunk)) {
      System.arraycopy(range.array(), range.from(), values, at, range.length());
      at += range.length();
    }
    return values;
  }

  /** Writes one chunk into the arrays of a state. */
  void paste(float[] values, int chunk, TrainingState state) {
    if (values.length != length(chunk)) {
      throw new IllegalArgumentException(
          "chunk " + chunk + " has " + values.length + " values instead of " + length(chunk));
    }
    int at = 0;
    for (Range range : ranges(state, chunk)) {
      System.arraycopy(values, at, range.array(), range.from(), range.length());
      at += range.length();
    }
  }

  /** Floats of a chunk. */
  int length(int chunk) {
    long total = (long) parameters + moments;
    return (int) Math.min(size, total - (long) chunk * size);
  }

  private void check(TrainingState state) {
    if (state.parameters().length != parameters || state.moments().length != moments) {
      throw new IllegalArgumentException(
          "a state of "
              + state.parameters().length
              + " parameters and "
              + state.moments().length
              + " moments came back for one of "
              + parameters
              + " and "
              + moments);
    }
  }
}
