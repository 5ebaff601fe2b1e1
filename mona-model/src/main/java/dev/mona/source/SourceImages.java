package dev.mona.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Colour images of one size, a byte for each of {@code [n, 3, height, width]}. The arrays are
 * shared, not copied: treat them as read-only.
 *
 * @param pixels red, green and blue of all images, unsigned
 * @param height of an image
 * @param width of an image
 * @param labels class of each image
 * @param classNames names of the classes
 */
public record SourceImages(
    byte[] pixels, int height, int width, int[] labels, List<String> classNames)
    implements SourceSamples {
  /** Red, green and blue. */
  public static final int COLOURS = 3;

  public SourceImages {
    classNames = List.copyOf(classNames);
    long expected = (long) labels.length * COLOURS * height * width;
    if (height < 1 || width < 1 || pixels.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images of %d x %d pixels have %d bytes, not %d",
              labels.length,
              height,
              width,
              expected,
              pixels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "image " + i + " has class " + labels[i] + " of " + classNames.size());
      }
    }
  }

  @Override
  public int length(int sample) {
    return 1;
  }

  @Override
  public SourceImages withLabels(int[] other) {
    return new SourceImages(pixels, height, width, other, classNames);
  }

  @Override
  public ImageBatch batch(int[] indices) {
    return ImageBatch.of(this, indices);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceImages that
        && height == that.height
        && width == that.width
        && Arrays.equals(pixels, that.pixels)
        && Arrays.equals(labels, that.labels)
        && classNames.equals(that.classNames);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(labels);
  }

  @Override
  public String toString() {
    return "SourceImages[" + size() + " images, " + classNames.size() + " classes]";
  }
}
