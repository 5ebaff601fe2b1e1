package dev.mona.convert;

import dev.mona.MonaException;

/**
 * How to convert.
 *
 * @param output directory to make, on any file system that Hadoop knows; may hold the same data set
 *     already, and nothing else
 * @param standardise whether each channel is brought to mean 0 and standard deviation 1 over the
 *     train split
 */
public record ConvertOptions(String output, boolean standardise) {
  public ConvertOptions {
    if (output.isBlank()) {
      throw MonaException.configuration("convert needs an output directory");
    }
  }
}
