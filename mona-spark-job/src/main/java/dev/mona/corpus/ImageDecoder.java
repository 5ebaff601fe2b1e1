package dev.mona.corpus;

import dev.mona.source.SourceImages;
import java.util.List;

/** What the stored bytes of images mean. */
sealed interface ImageDecoder permits EncodedImages, RawImages {
  /** The images as pixels, in the same order. */
  SourceImages decode(List<byte[]> contents, int[] labels, List<String> classNames);
}
