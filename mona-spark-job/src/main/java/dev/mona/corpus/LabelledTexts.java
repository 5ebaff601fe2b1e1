package dev.mona.corpus;

import dev.mona.source.SourceTexts;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts with one class each, before tokenisation. The array is shared, not copied: treat it as
 * read-only.
 *
 * @param texts the texts
 * @param labels class of each text, {@code 0 .. classNames.size() - 1}
 * @param classNames names of the classes
 */
public record LabelledTexts(List<String> texts, int[] labels, List<String> classNames) {
  public LabelledTexts {
    texts = List.copyOf(texts);
    classNames = List.copyOf(classNames);
    if (texts.size() != labels.length) {
      throw new IllegalArgumentException(
          texts.size() + " texts cannot have " + labels.length + " labels");
    }
    for (int label : labels) {
      if (label < 0 || label >= classNames.size()) {
        throw new IllegalArgumentException("class " + label + " of " + classNames.size());
      }
    }
  }

  /** Number of texts. */
  public int size() {
    return labels.length;
  }

  /** Number of texts of each class. */
  public int[] perClass() {
    int[] counts = new int[classNames.size()];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /**
   * Chooses texts for training and, apart from them, for testing the probe. See {@link
   * CorpusSplit}.
   *
   * @param trainPerClass the most training texts of a class, at least 1; {@link Integer#MAX_VALUE}
   *     for all
   * @param probePerClass the most probe texts of a class
   */
  public CorpusSplit split(int trainPerClass, int probePerClass, long seed) {
    return CorpusSplit.of(this, trainPerClass, probePerClass, seed);
  }

  /** The first texts of each class, in the order they have here. */
  public LabelledTexts firstPerClass(int most) {
    List<String> chosen = new ArrayList<>();
    List<Integer> chosenLabels = new ArrayList<>();
    int[] counts = new int[classNames.size()];
    for (int i = 0; i < labels.length; i++) {
      if (counts[labels[i]]++ < most) {
        chosen.add(texts.get(i));
        chosenLabels.add(labels[i]);
      }
    }
    return new LabelledTexts(
        chosen, chosenLabels.stream().mapToInt(Integer::intValue).toArray(), classNames);
  }

  /** The texts as token ids, in the same order. */
  public SourceTexts tokenise(TextTokenizer tokenizer) {
    List<int[]> ids = tokenizer.encodeAll(texts);
    int[] offsets = new int[ids.size() + 1];
    for (int i = 0; i < ids.size(); i++) {
      offsets[i + 1] = Math.addExact(offsets[i], ids.get(i).length);
    }
    int[] tokens = new int[offsets[ids.size()]];
    for (int i = 0; i < ids.size(); i++) {
      System.arraycopy(ids.get(i), 0, tokens, offsets[i], ids.get(i).length);
    }
    return new SourceTexts(tokens, offsets, labels, classNames);
  }
}
