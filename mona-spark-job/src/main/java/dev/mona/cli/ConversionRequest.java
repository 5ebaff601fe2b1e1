package dev.mona.cli;

import dev.mona.MonaException;

/**
 * A data set to make.
 *
 * @param input directory with card.json and its arrays
 * @param output directory to make
 * @param symbols size of the alphabet when the features are symbols to encode one-hot; 0 when they
 *     are numbers
 * @param standardise whether channels are brought to mean 0 and standard deviation 1
 */
public record ConversionRequest(String input, String output, int symbols, boolean standardise) {
  public ConversionRequest {
    if (symbols != 0 && (symbols < 2 || symbols > 1024)) {
      throw MonaException.configuration(
          "--one-hot is " + symbols + ", must be the size of an alphabet from 2 to 1024");
    }
  }
}
