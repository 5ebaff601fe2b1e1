package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.source.SourceImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes images of one size, in a format that the JDK reads (JPEG, PNG, GIF, BMP, TIFF). The size
 * of all is checked against a budget, and that of each is read from its header, before anything is
 * decoded. Levels are what {@link Levels} says.
 *
 * @param where names the set in messages
 */
record EncodedImages(String where) implements ImageDecoder {

  @Override
  public SourceImages decode(
      List<byte[]> contents,
      List<RowOfFile> rows,
      int[] labels,
      List<String> classNames,
      ByteBudget budget) {
    byte[] pixels = new byte[0];
    int height = 0;
    int width = 0;
    Levels levels = new Levels(where);
    for (int i = 0; i < contents.size(); i++) {
      ImageHeader header = header(contents.get(i), rows.get(i));
      if (i == 0) {
        height = header.height();
        width = header.width();
        long length = (long) contents.size() * SourceImages.COLOURS * height * width;
        pixels =
            new byte
                [budget.array(
                    length,
                    1,
                    String.format(
                        Locale.ROOT,
                        "%d images of %d x %d pixels",
                        contents.size(),
                        height,
                        width))];
      } else if (header.height() != height || header.width() != width) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s has an image of %d x %d pixels in %s beside one of %d x %d in %s: bring all to one size",
                where,
                header.height(),
                header.width(),
                rows.get(i),
                height,
                width,
                rows.get(0)));
      }
      long working = (long) header.bytesPerPixel() * height * width;
      budget.take(working, "image in " + rows.get(i));
      try {
        levels.copy(image(header), pixels, i * SourceImages.COLOURS * height * width);
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        throw undecodable(rows.get(i), e);
      }
      budget.release(working);
    }
    levels.report();
    return new SourceImages(pixels, height, width, labels, classNames);
  }

  private ImageHeader header(byte[] content, RowOfFile row) {
    try {
      return ImageHeader.of(content);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw undecodable(row, e);
    }
  }

  private static BufferedImage image(ImageHeader header) throws IOException {
    try (ImageInputStream in = ImageHeader.stream(header.content())) {
      ImageReader reader = ImageHeader.reader(in);
      try {
        reader.setInput(in, true, true);
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    }
  }

  private MonaException undecodable(RowOfFile row, Throwable e) {
    return new MonaException(
        MonaException.Category.DATA,
        "%s: the image of %s cannot be decoded (%s): replace it or leave it out"
            .formatted(where, row, Reason.of(e)),
        e);
  }
}
