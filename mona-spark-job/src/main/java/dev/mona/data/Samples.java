package dev.mona.data;

import dev.mona.task.SampleShape;
import java.io.IOException;

/**
 * The samples of one split, before conversion. They are read by ascending number, perhaps in
 * several passes, and may be fetched only then. What is read is checked: every value is finite and
 * every label fits the task, or a {@link dev.mona.MonaException} says which does not.
 *
 * <p>Values are given as doubles, as exact as their file has them: who converts them takes means
 * and deviations first and rounds to floats last.
 */
public interface Samples {

  /** Number of samples, at least 1. */
  int size();

  /** Shape of each. */
  SampleShape shape();

  /**
   * Reads features, row-major {@code [C, H, W]}.
   *
   * @param into room for {@code shape().length()} values
   */
  void features(int sample, double[] into) throws IOException;

  /**
   * Reads a label.
   *
   * @param into room for a class index, for 0 or 1 an output, or for a field {@code [outputs, H,
   *     W]}, by the kind of the task
   */
  void labels(int sample, double[] into) throws IOException;
}
