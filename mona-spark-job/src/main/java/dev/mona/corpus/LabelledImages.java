package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.source.SourceImages;
import java.util.Arrays;
import java.util.List;

/**
 * Images with one class each, as they were stored. The arrays are shared, not copied: treat them as
 * read-only.
 *
 * @param contents the stored bytes of each image
 * @param rows where each image was stored
 * @param labels class of each image, {@code 0 .. classNames.size() - 1}
 * @param classNames names of the classes
 * @param decoder what the bytes mean
 */
public record LabelledImages(
    List<byte[]> contents,
    List<RowOfFile> rows,
    int[] labels,
    List<String> classNames,
    ImageDecoder decoder)
    implements Corpus<LabelledImages> {
  public LabelledImages {
    contents = List.copyOf(contents);
    rows = List.copyOf(rows);
    classNames = List.copyOf(classNames);
    if (contents.size() != labels.length || rows.size() != labels.length) {
      throw new IllegalArgumentException(
          contents.size() + " images cannot have " + labels.length + " labels");
    }
  }

  @Override
  public long hash(int sample, long seed) {
    byte[] content = contents.get(sample);
    return CorpusSplit.hash(content.length, i -> content[i], seed);
  }

  @Override
  public int compare(int one, int other) {
    return Arrays.compare(contents.get(one), contents.get(other));
  }

  @Override
  public LabelledImages select(List<Integer> positions) {
    return new LabelledImages(
        positions.stream().map(contents::get).toList(),
        positions.stream().map(rows::get).toList(),
        positions.stream().mapToInt(i -> labels[i]).toArray(),
        classNames,
        decoder);
  }

  /**
   * The images as pixels, in the same order.
   *
   * @param budget what they may take
   * @throws dev.mona.MonaException of the category {@code DATA} when one is damaged or not as large
   *     as the first, or all are larger than the budget
   */
  public SourceImages decode(ByteBudget budget) {
    return decoder.decode(contents, rows, labels, classNames, budget);
  }
}
