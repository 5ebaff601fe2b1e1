package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import java.io.Serializable;

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

  /** A copy of one chunk. */
  float[] cut(TrainingState state, int chunk) {
    check(state);
    float[] values = new float[length(chunk)];
    copy(state, chunk, values, true);
    return values;
  }

  /** Writes one chunk into the arrays of a state. */
  void paste(float[] values, int chunk, TrainingState state) {
    check(state);
    if (values.length != length(chunk)) {
      throw new IllegalArgumentException(
          "chunk " + chunk + " has " + values.length + " values instead of " + length(chunk));
    }
    copy(state, chunk, values, false);
  }

  private int length(int chunk) {
    long total = (long) parameters + moments;
    return (int) Math.min(size, total - (long) chunk * size);
  }

  private void copy(TrainingState state, int chunk, float[] values, boolean out) {
    long start = (long) chunk * size;
    int inParameters = (int) Math.max(0, Math.min(values.length, parameters - start));
    int inMoments = values.length - inParameters;
    if (inParameters > 0) {
      move(state.parameters(), (int) start, values, 0, inParameters, out);
    }
    if (inMoments > 0) {
      int momentStart = (int) (start + inParameters - parameters);
      move(state.moments(), momentStart, values, inParameters, inMoments, out);
    }
  }

  private static void move(float[] flat, int at, float[] chunk, int from, int n, boolean out) {
    if (out) {
      System.arraycopy(flat, at, chunk, from, n);
    } else {
      System.arraycopy(chunk, from, flat, at, n);
    }
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
