package dev.mona.data;

import dev.mona.MonaException;

/**
 * What to convert.
 *
 * @param input directory with {@code card.json} and the arrays {@code x_train, y_train, x_test,
 *     y_test} and perhaps {@code x_val, y_val}, in the card's npz file or as npy files; any file
 *     system that Hadoop knows
 * @param output directory to make; may hold the same data set already, and nothing else
 * @param encoding how numbers become features
 * @param standardise whether each channel is brought to mean 0 and standard deviation 1 over the
 *     train split
 */
public record ConvertOptions(String input, String output, Encoding encoding, boolean standardise) {
  public ConvertOptions {
    if (input.isBlank() || output.isBlank()) {
      throw MonaException.configuration("convert needs an input and an output directory");
    }
    if (standardise && encoding instanceof Encoding.OneHot) {
      throw MonaException.configuration(
          "one-hot symbols cannot be standardised: leave one of the two options out");
    }
  }
}
