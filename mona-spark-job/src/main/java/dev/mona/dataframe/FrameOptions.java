package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.task.SampleShape;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a DataFrame is read.
 *
 * @param input Parquet file or folder of Parquet files
 * @param shape of a sample, whose values are its features row-major; one channel when not given
 * @param dense whether labels are fields on the grid of the features, not 0 and 1 for each label
 * @param testFraction part of each class that becomes the test split where no column says which;
 *     from 0 to below 1
 * @param seed chooses that part
 */
public record FrameOptions(
    String input, Optional<SampleShape> shape, boolean dense, double testFraction, long seed) {
  private static final Pattern SHAPE =
      Pattern.compile("([1-9][0-9]{0,8})x(?:([1-9][0-9]{0,8})x)?([1-9][0-9]{0,8})");

  public FrameOptions {
    if (!(testFraction >= 0 && testFraction < 1)) {
      throw MonaException.configuration(
          "--test-fraction is " + testFraction + ", must be from 0 to below 1");
    }
  }

  /**
   * Reads a shape, {@code channels x length} or {@code channels x height x width} without spaces.
   *
   * @throws MonaException of the category {@code CONFIGURATION} if it is none
   */
  public static SampleShape shape(String text) {
    Matcher found = SHAPE.matcher(text);
    if (!found.matches()) {
      throw MonaException.configuration(
          "--shape is \"" + text + "\", must be like 3x1000, or 3x32x32 for images");
    }
    int channels = Integer.parseInt(found.group(1));
    int height = found.group(2) == null ? 1 : Integer.parseInt(found.group(2));
    return new SampleShape(channels, height, Integer.parseInt(found.group(3)));
  }
}
