package dev.mona.corpus;

import dev.mona.source.SourceImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Red, green and blue of decoded images, the levels that Pillow's {@code convert("RGB")} gives,
 * with which pretrained encoders saw their images:
 *
 * <pre>
 * grey v                            v, v, v: no gamma between grey and colour
 * alpha                             dropped, whatever lies below
 * palette                           its colours
 * 16 bits, colour or grey + alpha   the high byte
 * 16 bits, grey                     min(v, 255), Pillow's rule; said once
 * </pre>
 *
 * <p>The JDK's {@code getRGB} would take grey for linear light and make 188 of 128.
 */
final class Levels {
  private static final Logger log = LoggerFactory.getLogger(Levels.class);
  private static final int HIGHEST = 255;

  private final String where;
  private int clipped;

  Levels(String where) {
    this.where = where;
  }

  /**
   * Copies an image to {@code [3, height, width]} bytes.
   *
   * @param from where its first byte goes
   * @throws IOException when its colours are of a kind that is not read
   */
  void copy(BufferedImage image, byte[] pixels, int from) throws IOException {
    ColorModel colours = image.getColorModel();
    if (colours.isAlphaPremultiplied()) {
      throw new IOException("colours multiplied with alpha; convert it to RGB");
    }
    if (colours instanceof ComponentColorModel) {
      components(image.getRaster(), colours, pixels, from);
    } else if (colours instanceof IndexColorModel || colours.getColorSpace().isCS_sRGB()) {
      packed(image, pixels, from);
    } else {
      throw unread(colours, image.getRaster());
    }
  }

  private static void packed(BufferedImage image, byte[] pixels, int from) {
    int width = image.getWidth();
    int plane = image.getHeight() * width;
    int[] line = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, line, 0, width);
      for (int x = 0; x < width; x++) {
        int at = from + y * width + x;
        pixels[at] = (byte) (line[x] >> 16);
        pixels[at + plane] = (byte) (line[x] >> 8);
        pixels[at + 2 * plane] = (byte) line[x];
      }
    }
  }

  private void components(Raster raster, ColorModel colours, byte[] pixels, int from)
      throws IOException {
    int bands = raster.getNumBands();
    int bits = colours.getComponentSize(0);
    boolean grey = colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY && bands <= 2;
    boolean colour = colours.getColorSpace().getType() == ColorSpace.TYPE_RGB && bands >= 3;
    boolean unsigned =
        (bits == 8 && raster.getTransferType() == DataBuffer.TYPE_BYTE)
            || (bits == 16 && raster.getTransferType() == DataBuffer.TYPE_USHORT);
    if (!(grey || colour) || !unsigned) {
      throw unread(colours, raster);
    }
    boolean clip = bits == 16 && bands == 1;
    clipped += clip ? 1 : 0;
    int width = raster.getWidth();
    int plane = raster.getHeight() * width;
    int[] line = new int[width];
    for (int c = 0; c < SourceImages.COLOURS; c++) {
      for (int y = 0; y < raster.getHeight(); y++) {
        raster.getSamples(0, y, width, 1, grey ? 0 : c, line);
        for (int x = 0; x < width; x++) {
          int level = clip ? Math.min(line[x], HIGHEST) : line[x] >> (bits - 8);
          pixels[from + c * plane + y * width + x] = (byte) level;
        }
      }
    }
  }

  private static IOException unread(ColorModel colours, Raster raster) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%d components of %d bits, which are not read; convert it to RGB of 8 bits",
            raster.getNumBands(),
            colours.getComponentSize(0)));
  }

  /** Says what the levels of some images lost. */
  void report() {
    if (clipped > 0) {
      log.warn(
          "{} images of {} are grey of 16 bits: levels above 255 became white, as in Pillow;"
              + " convert them to 8 bits where they should not",
          clipped,
          where);
    }
  }
}
