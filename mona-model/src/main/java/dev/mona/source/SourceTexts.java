package dev.mona.source;

import java.util.Arrays;
import java.util.List;

/**
 * Tokenised texts with one class each. Text {@code i} has the token ids {@code tokens[offsets[i] ..
 * offsets[i+1])}, special tokens included. The arrays are shared, not copied: treat them as
 * read-only.
 *
 * @param tokens token ids of all texts, one after the other
 * @param offsets start of each text, and the end of the last: {@code size() + 1} values
 * @param labels class of each text, {@code 0 .. classNames.size() - 1}
 * @param classNames names of the classes
 */
public record SourceTexts(int[] tokens, int[] offsets, int[] labels, List<String> classNames)
    implements SourceSamples {
  public SourceTexts {
    classNames = List.copyOf(classNames);
    if (offsets.length != labels.length + 1
        || offsets[0] != 0
        || offsets[labels.length] != tokens.length) {
      throw new IllegalArgumentException(
          "offsets must run from 0 to " + tokens.length + " over " + labels.length + " texts");
    }
    for (int i = 0; i < labels.length; i++) {
      if (offsets[i + 1] <= offsets[i]) {
        throw new IllegalArgumentException("text " + i + " has no tokens");
      }
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "text " + i + " has class " + labels[i] + " of " + classNames.size());
      }
    }
  }

  @Override
  public SourceTexts withLabels(int[] other) {
    return new SourceTexts(tokens, offsets, other, classNames);
  }

  @Override
  public TextBatch batch(int[] indices) {
    return TextBatch.of(this, indices);
  }

  /** Number of tokens of one text. */
  @Override
  public int length(int text) {
    return offsets[text + 1] - offsets[text];
  }

  /** Number of tokens of the longest text. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < size(); i++) {
      longest = Math.max(longest, length(i));
    }
    return longest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceTexts that
        && Arrays.equals(tokens, that.tokens)
        && Arrays.equals(offsets, that.offsets)
        && Arrays.equals(labels, that.labels)
        && classNames.equals(that.classNames);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "SourceTexts[" + size() + " texts, " + classNames.size() + " classes]";
  }
}
