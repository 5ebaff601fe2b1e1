package dev.mona.task;

import java.io.Serializable;
import java.util.Locale;

/**
 * Shape of a sample: a series {@code [C, L]}, which is a grid of height 1, or an image or field
 * {@code [C, H, W]}.
 *
 * @param channels C
 * @param height H; 1 for a series
 * @param width W, or L of a series
 */
public record SampleShape(int channels, int height, int width) implements Serializable {
  public SampleShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a sample of %d x %d x %d values has none", channels, height, width));
    }
    Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /** A series {@code [C, L]}. */
  public static SampleShape series(int channels, int length) {
    return new SampleShape(channels, 1, length);
  }

  public boolean isSeries() {
    return height == 1;
  }

  /** Points of the grid, H W. */
  public int points() {
    return height * width;
  }

  /** Values of a sample. */
  public int length() {
    return channels * points();
  }

  /** The same values as a series: rows of an image are channels of their own. */
  public SampleShape asSeries() {
    return series(channels * height, width);
  }

  /** The same values as an image: the channels of a series are rows of one image. */
  public SampleShape asImage() {
    return isSeries() ? new SampleShape(1, channels, width) : this;
  }

  /** {@code C x L} or {@code C x H x W}. */
  @Override
  public String toString() {
    return isSeries() ? channels + " x " + width : channels + " x " + height + " x " + width;
  }
}
