package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.source.SourceImages;
import java.util.List;

/** What the stored bytes of images mean. */
sealed interface ImageDecoder permits EncodedImages, RawImages {
  /**
   * The images as pixels, in the same order.
   *
   * @param rows where each image was stored, for messages
   * @param budget what the pixels may take
   */
  SourceImages decode(
      List<byte[]> contents,
      List<RowOfFile> rows,
      int[] labels,
      List<String> classNames,
      ByteBudget budget);
}
