package dev.mona.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * What an encoded image says about itself before anything is decoded.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bytesPerPixel the most memory that decoding takes for a pixel
 * @param content the image without what its pixels do not need: colour profiles, texts, times
 */
record ImageHeader(int width, int height, int bytesPerPixel, byte[] content) {
  /** Longest side of an image, in pixels. */
  private static final int MAX_SIDE = 4096;

  /** Four components of 16 bits, once in the reader and once in the picture. */
  private static final int WIDEST_PIXEL = 16;

  private static final int GIF_SCREEN = 6;

  ImageHeader {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "an image of %d x %d pixels", height, width));
    }
  }

  /**
   * Reads the header of an image.
   *
   * @throws IOException with the reason, when it is damaged or of a kind that is not read
   */
  static ImageHeader of(byte[] content) throws IOException {
    ImageHeader header;
    if (PngChunks.begins(content)) {
      header = PngChunks.header(content);
    } else if (JpegSegments.begins(content)) {
      header = JpegSegments.header(content);
    } else {
      header = other(content);
    }
    if (header.height() > MAX_SIDE || header.width() > MAX_SIDE) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%d x %d pixels, and a side can have %d",
              header.height(),
              header.width(),
              MAX_SIDE));
    }
    return header;
  }

  /** GIF, BMP and TIFF. */
  private static ImageHeader other(byte[] content) throws IOException {
    if (starts(content, 0, "RIFF") && starts(content, 8, "WEBP")) {
      throw new IOException("WebP, which is not read; convert it to PNG or JPEG");
    }
    try (ImageInputStream in = stream(content)) {
      ImageReader reader = reader(in);
      try {
        reader.setInput(in, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (starts(content, 0, "GIF")
            && (width != littleEndian(content, GIF_SCREEN)
                || height != littleEndian(content, GIF_SCREEN + 2))) {
          throw new IOException("a GIF whose first frame does not fill it; convert it to PNG");
        }
        return new ImageHeader(width, height, WIDEST_PIXEL, content);
      } finally {
        reader.dispose();
      }
    }
  }

  static ImageInputStream stream(byte[] content) {
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(content));
  }

  /** The reader of the JDK for an image. */
  static ImageReader reader(ImageInputStream in) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new IOException("no known format; convert it to PNG or JPEG");
    }
    return readers.next();
  }

  private static boolean starts(byte[] content, int at, String text) {
    byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
    return content.length >= at + expected.length
        && java.util.Arrays.equals(content, at, at + expected.length, expected, 0, expected.length);
  }

  private static int littleEndian(byte[] content, int at) {
    return (content[at] & 0xff) | ((content[at + 1] & 0xff) << 8);
  }
}
