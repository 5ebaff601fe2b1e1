package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.source.SourceImages;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Square images stored as they are, a byte a value: {@code [side, side]} in grey, or {@code [3,
 * side, side]} in colour.
 *
 * @param colours 1 or 3
 * @param side in pixels
 */
record RawImages(int colours, int side) implements ImageDecoder {

  /** The only square image, grey or in colour, of so many values, if there is one. */
  static Optional<RawImages> of(int values) {
    for (int colours : new int[] {1, SourceImages.COLOURS}) {
      int side = (int) Math.round(Math.sqrt(values / (double) colours));
      if (side > 0 && (long) colours * side * side == values) {
        return Optional.of(new RawImages(colours, side));
      }
    }
    return Optional.empty();
  }

  @Override
  public SourceImages decode(
      List<byte[]> contents,
      List<RowOfFile> rows,
      int[] labels,
      List<String> classNames,
      ByteBudget budget) {
    int plane = side * side;
    int image = SourceImages.COLOURS * plane;
    byte[] pixels =
        new byte
            [budget.array(
                (long) contents.size() * image,
                1,
                String.format(
                    Locale.ROOT, "%d images of %d x %d pixels", contents.size(), side, side))];
    for (int i = 0; i < contents.size(); i++) {
      for (int colour = 0; colour < SourceImages.COLOURS; colour++) {
        int from = colours == 1 ? 0 : colour * plane;
        System.arraycopy(contents.get(i), from, pixels, i * image + colour * plane, plane);
      }
    }
    return new SourceImages(pixels, side, side, labels, classNames);
  }
}
