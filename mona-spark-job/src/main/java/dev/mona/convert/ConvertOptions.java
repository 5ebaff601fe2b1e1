package dev.mona.convert;

import dev.mona.MonaException;

/**
 * How to convert.
 *
 * @param output directory to make, on any file system that Hadoop knows; may hold the same data set
 *     already, and nothing else
 * @param standardise whether each channel is brought to mean 0 and standard deviation 1 over the
 *     train split
 * @param fileSamples samples of a file at most, a split of more becomes a folder of files; 0 for as
 *     many as make 1 GiB of values
 */
public record ConvertOptions(String output, boolean standardise, int fileSamples) {
  private static final int FILE_VALUES = 1 << 28;

  public ConvertOptions {
    if (output.isBlank()) {
      throw MonaException.configuration("convert needs an output directory");
    }
    if (fileSamples < 0) {
      throw MonaException.configuration(
          "--file-samples is " + fileSamples + ", must be at least 1, or 0 for files of 1 GiB");
    }
  }

  /** With files of the usual size. */
  public ConvertOptions(String output, boolean standardise) {
    this(output, standardise, 0);
  }

  /**
   * Samples of a file at most.
   *
   * @param values of a sample, its label among them
   */
  public int samplesOfFile(int values) {
    return fileSamples > 0 ? fileSamples : usualSamplesOfFile(values);
  }

  /** Samples of a file of the usual size; see {@link #samplesOfFile}. */
  public static int usualSamplesOfFile(int values) {
    return Math.max(1, FILE_VALUES / values);
  }
}
