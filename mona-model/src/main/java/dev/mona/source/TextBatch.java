package dev.mona.source;

import java.util.Arrays;

/**
 * Source texts padded to one length.
 *
 * @param tokens {@code [size, length]} row-major, padded with 0
 * @param length tokens of a row
 * @param lengths tokens of each text before the padding
 * @param labels class of each text
 */
public record TextBatch(int[] tokens, int length, int[] lengths, int[] labels)
    implements SourceBatch {

  /**
   * Texts by their index, padded to the longest of them, rounded up to a multiple of 8 so that few
   * lengths occur, but not beyond the longest text there is: the encoder may take no more.
   */
  public static TextBatch of(SourceTexts texts, int[] indices) {
    int longest = Arrays.stream(indices).map(texts::length).max().orElse(0);
    int length = Math.min((longest + 7) / 8 * 8, texts.longest());
    int[] tokens = new int[indices.length * length];
    int[] lengths = new int[indices.length];
    int[] labels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      lengths[i] = texts.length(indices[i]);
      labels[i] = texts.labels()[indices[i]];
      System.arraycopy(texts.tokens(), texts.offsets()[indices[i]], tokens, i * length, lengths[i]);
    }
    return new TextBatch(tokens, length, lengths, labels);
  }
}
