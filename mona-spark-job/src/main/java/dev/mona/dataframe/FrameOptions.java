package dev.mona.dataframe;

import dev.mona.MonaException;
import dev.mona.task.SampleShape;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a DataFrame is read.
 *
 * @param input Parquet file or folder of Parquet files; for rows in memory, what messages call them
 * @param shape of a sample, whose values are its features row-major; one channel when not given
 * @param dense whether labels are fields on the grid of the features, not 0 and 1 for each label
 * @param test what becomes the test split where no column says which; empty where a set may do
 *     without one
 * @param words what messages call these options
 */
public record FrameOptions(
    String input,
    Optional<SampleShape> shape,
    boolean dense,
    Optional<TestPart> test,
    Words words) {
  private static final Pattern SHAPE =
      Pattern.compile("([1-9][0-9]{0,8})x(?:([1-9][0-9]{0,8})x)?([1-9][0-9]{0,8})");

  /**
   * A part of each class, chosen by a seed.
   *
   * @param fraction from 0 to below 1
   */
  public record TestPart(double fraction, long seed) {
    public TestPart {
      if (!(fraction >= 0 && fraction < 1)) {
        throw MonaException.configuration(
            "--test-fraction is " + fraction + ", must be from 0 to below 1");
      }
    }
  }

  /**
   * Names of options.
   *
   * @param shape of {@link #shape}
   * @param dense of {@link #dense}
   */
  public record Words(String shape, String dense) {
    /** As the command line has them. */
    public static final Words COMMAND = new Words("--shape", "--dense");
  }

  /** Options of the command line, whose set has a test split. */
  public FrameOptions(
      String input, Optional<SampleShape> shape, boolean dense, double testFraction, long seed) {
    this(input, shape, dense, Optional.of(new TestPart(testFraction, seed)), Words.COMMAND);
  }

  /**
   * Reads a shape, {@code channels x length} or {@code channels x height x width} without spaces.
   *
   * @throws MonaException of the category {@code CONFIGURATION} if it is none
   */
  public static SampleShape shape(String text) {
    return shape(text, Words.COMMAND);
  }

  /** The same with the option's own name. */
  public static SampleShape shape(String text, Words words) {
    Matcher found = SHAPE.matcher(text);
    if (!found.matches()) {
      throw MonaException.configuration(
          words.shape() + " is \"" + text + "\", must be like 3x1000, or 3x32x32 for images");
    }
    int channels = Integer.parseInt(found.group(1));
    int height = found.group(2) == null ? 1 : Integer.parseInt(found.group(2));
    return new SampleShape(channels, height, Integer.parseInt(found.group(3)));
  }
}
