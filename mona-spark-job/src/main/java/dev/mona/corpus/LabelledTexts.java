package dev.mona.corpus;

import dev.mona.source.SourceTexts;
import java.util.List;

/**
 * Texts with one class each, before tokenisation. The array is shared, not copied: treat it as
 * read-only.
 *
 * @param texts the texts
 * @param labels class of each text, {@code 0 .. classNames.size() - 1}
 * @param classNames names of the classes
 */
public record LabelledTexts(List<String> texts, int[] labels, List<String> classNames)
    implements Corpus<LabelledTexts> {
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

  /** Texts with their classes numbered. */
  static LabelledTexts of(Classed<String> texts, String where) {
    Classed.Numbered classes = texts.numbered(where);
    return new LabelledTexts(texts.samples(), classes.labels(), classes.classNames());
  }

  /** Number of texts of each class. */
  public int[] perClass() {
    int[] counts = new int[classNames.size()];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  @Override
  public long hash(int sample, long seed) {
    String text = texts.get(sample);
    return CorpusSplit.hash(text.length(), text::charAt, seed);
  }

  @Override
  public int compare(int one, int other) {
    return texts.get(one).compareTo(texts.get(other));
  }

  @Override
  public LabelledTexts select(List<Integer> positions) {
    return new LabelledTexts(
        positions.stream().map(texts::get).toList(),
        positions.stream().mapToInt(i -> labels[i]).toArray(),
        classNames);
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
