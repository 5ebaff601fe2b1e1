package dev.mona.retention;

import java.io.Serializable;
import java.util.List;

/**
 * Representations of some samples behind the pretrained encoder: the mean of a sample's tokens, of
 * length 1.
 *
 * @param rows {@code [n, W']} row-major; shared, not copied
 * @param width W'
 * @param labels the class of each sample; fewer where samples have none
 */
public record Represented(float[] rows, int width, List<String> labels) implements Serializable {
  public Represented {
    labels = List.copyOf(labels);
  }

  /** Number of samples. */
  public int size() {
    return rows.length / width;
  }
}
