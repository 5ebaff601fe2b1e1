package dev.mona.corpus;

import dev.mona.MonaException;
import dev.mona.source.SourceImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes images of one size, in a format that the JDK reads (JPEG, PNG, GIF, BMP, TIFF).
 *
 * @param where names the set in messages
 */
record EncodedImages(String where) implements ImageDecoder {
  /** Longest side of an image, in pixels; checked before anything is allocated for it. */
  private static final int MAX_SIDE = 4096;

  @Override
  public SourceImages decode(List<byte[]> contents, int[] labels, List<String> classNames) {
    byte[] pixels = new byte[0];
    int height = 0;
    int width = 0;
    for (int i = 0; i < contents.size(); i++) {
      BufferedImage image = image(contents.get(i), i);
      if (i == 0) {
        height = image.getHeight();
        width = image.getWidth();
        pixels = new byte[length(contents.size(), height, width)];
      } else if (image.getHeight() != height || image.getWidth() != width) {
        throw MonaException.data(
            "%s has an image of %d x %d pixels beside one of %d x %d: bring all to one size"
                .formatted(where, image.getHeight(), image.getWidth(), height, width));
      }
      copy(image, pixels, i * SourceImages.COLOURS * height * width);
    }
    return new SourceImages(pixels, height, width, labels, classNames);
  }

  private int length(int images, int height, int width) {
    long length = (long) images * SourceImages.COLOURS * height * width;
    if (length > Integer.MAX_VALUE - 8) {
      throw MonaException.data(
          "%d images of %d x %d pixels of %s do not fit into memory: lower source.per-class"
              .formatted(images, height, width, where));
    }
    return (int) length;
  }

  private BufferedImage image(byte[] content, int number) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("no known format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        if (reader.getHeight(0) > MAX_SIDE || reader.getWidth(0) > MAX_SIDE) {
          throw new IOException("a side is longer than " + MAX_SIDE + " pixels");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          "%s: image %d cannot be decoded (%s): replace it or leave it out"
              .formatted(where, number, e.getMessage()),
          e);
    }
  }

  /** Grey images have the same red, green and blue. */
  private static void copy(BufferedImage image, byte[] pixels, int from) {
    int plane = image.getHeight() * image.getWidth();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int at = from + y * image.getWidth() + x;
        pixels[at] = (byte) (rgb >> 16);
        pixels[at + plane] = (byte) (rgb >> 8);
        pixels[at + 2 * plane] = (byte) rgb;
      }
    }
  }
}
