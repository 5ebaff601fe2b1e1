package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.data.Encoding;
import dev.mona.data.Split;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a directory of NumPy arrays is read.
 *
 * @param input directory with {@code card.json} and the arrays {@code x_train, y_train, x_test,
 *     y_test} and perhaps {@code x_val, y_val}, in the card's npz file or as npy files; any file
 *     system that Hadoop knows
 * @param encoding how numbers become features
 * @param image whether features {@code [n, H, W]} are images of one channel, not series of many
 * @param arrays the splits to make, each with the name its arrays have behind {@code x_} and {@code
 *     y_}; empty for train, val and test as they are
 */
public record NumpyOptions(
    String input, Encoding encoding, boolean image, Map<Split, String> arrays) {
  /** What may stand behind {@code x_}. */
  public static final String ARRAY_PATTERN = "[A-Za-z0-9_]{1,64}";

  public NumpyOptions {
    Map<Split, String> copy = new EnumMap<>(Split.class);
    copy.putAll(arrays);
    arrays = Collections.unmodifiableMap(copy);
    if (input.isBlank()) {
      throw MonaException.configuration("convert needs an input directory");
    }
    if (image && !(encoding instanceof Encoding.Plain)) {
      throw MonaException.configuration(
          "only plain numbers are read as images: leave out the image or the encoding");
    }
    arrays
        .values()
        .forEach(
            name -> {
              if (!name.matches(ARRAY_PATTERN)) {
                throw MonaException.configuration(
                    "a split cannot be made of arrays named \""
                        + name
                        + "\": name them as in x_NAME");
              }
            });
  }

  /** All splits of a directory, series where they could be images. */
  public NumpyOptions(String input, Encoding encoding) {
    this(input, encoding, false, Map.of());
  }
}
