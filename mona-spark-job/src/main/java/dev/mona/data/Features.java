package dev.mona.data;

import dev.mona.task.SampleShape;
import org.jspecify.annotations.Nullable;

/**
 * The features of a set's samples.
 *
 * @param shape of a sample
 * @param encoding how they were made
 * @param standardisation how they were scaled, null when they were not
 */
public record Features(
    SampleShape shape, Encoding encoding, @Nullable Standardisation standardisation) {
  public Features {
    if (standardisation != null && standardisation.mean().size() != shape.channels()) {
      throw new IllegalArgumentException("one mean a channel is needed");
    }
  }
}
