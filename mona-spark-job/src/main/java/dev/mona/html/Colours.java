package dev.mona.html;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * Colours for the values of a field, between equally spaced ones. What is not a number is left
 * clear.
 *
 * @param low the value of the first colour
 * @param high the value of the last one
 * @param stops the colours as 0xRRGGBB
 */
record Colours(double low, double high, int... stops) {
  /** From dark to bright, readable without sense of colour: viridis (Smith and van der Walt). */
  private static final int[] VIRIDIS = {
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
    0xfde725
  };

  /** From blue over white to red. */
  private static final int[] SIGNED = {0x2166ac, 0x92c5de, 0xf7f7f7, 0xf4a582, 0xb2182b};

  private static final int OPAQUE = 0xff000000;

  /** For values that rise from dark to bright. */
  static Colours rising(double low, double high) {
    return new Colours(low, high, VIRIDIS);
  }

  /** For values around zero, as far as {@code most} on both sides. */
  static Colours signed(double most) {
    return new Colours(-most, most, SIGNED);
  }

  /** The colour of a value as 0xAARRGGBB. */
  int of(double value) {
    if (!Double.isFinite(value)) {
      return 0;
    }
    double part = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    double at = part * (stops.length - 1);
    int below = Math.min(stops.length - 2, (int) at);
    double rest = at - below;
    int colour = OPAQUE;
    for (int shift = 0; shift <= 16; shift += 8) {
      int from = (stops[below] >> shift) & 0xff;
      int to = (stops[below + 1] >> shift) & 0xff;
      colour |= (int) Math.round(from + rest * (to - from)) << shift;
    }
    return colour;
  }

  /** A field {@code [height, width]} as a picture within the page, a pixel a value. */
  String picture(double[] values, int width) {
    BufferedImage image =
        new BufferedImage(width, values.length / width, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < values.length; i++) {
      image.setRGB(i % width, i / width, of(values[i]));
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Colours that
        && low == that.low
        && high == that.high
        && Arrays.equals(stops, that.stops);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(stops);
  }

  @Override
  public String toString() {
    return "Colours[" + low + " to " + high + "]";
  }
}
