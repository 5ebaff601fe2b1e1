package dev.mona.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two disjoint choices from a corpus.
 *
 * <p>Texts are ranked by a hash of their characters and the seed, and each class gives its first
 * texts to the probe, but at most a third of them, and the next ones to training. So the choice is
 * a pure function of the seed and the set of texts, whatever the order in which they were read, and
 * a larger training part begins, in each class, with every smaller one. A text that occurs several
 * times counts once, under its lowest class: no text can be in both parts.
 *
 * @param train what the outer loss and the probe are fitted on, class by class
 * @param probe what the probe is tested on, class by class
 */
public record CorpusSplit(LabelledTexts train, LabelledTexts probe) {
  private static final int PROBE_SHARE = 3;

  static CorpusSplit of(LabelledTexts corpus, int trainPerClass, int probePerClass, long seed) {
    if (trainPerClass < 1 || probePerClass < 0) {
      throw new IllegalArgumentException(
          "cannot choose %d training and %d probe texts per class"
              .formatted(trainPerClass, probePerClass));
    }
    List<List<Integer>> ranked = rank(corpus, seed);
    List<Integer> train = new ArrayList<>();
    List<Integer> probe = new ArrayList<>();
    for (List<Integer> ofClass : ranked) {
      int forProbe = Math.min(probePerClass, ofClass.size() / PROBE_SHARE);
      List<Integer> rest = ofClass.subList(forProbe, ofClass.size());
      probe.addAll(ofClass.subList(0, forProbe));
      train.addAll(rest.subList(0, Math.min(trainPerClass, rest.size())));
    }
    return new CorpusSplit(select(corpus, train), select(corpus, probe));
  }

  /** Positions of the texts of each class by ascending hash, repeated texts left out. */
  private static List<List<Integer>> rank(LabelledTexts corpus, long seed) {
    long[] hashes = corpus.texts().stream().mapToLong(text -> hash(text, seed)).toArray();
    Integer[] order = IntStream.range(0, corpus.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingLong(i -> hashes[i])
            .thenComparing(i -> corpus.texts().get(i))
            .thenComparingInt(i -> corpus.labels()[i]));
    List<List<Integer>> ranked = new ArrayList<>();
    corpus.classNames().forEach(name -> ranked.add(new ArrayList<>()));
    String previous = null;
    for (int i : order) {
      String text = corpus.texts().get(i);
      if (!text.equals(previous)) {
        ranked.get(corpus.labels()[i]).add(i);
      }
      previous = text;
    }
    return ranked;
  }

  private static LabelledTexts select(LabelledTexts corpus, List<Integer> positions) {
    return new LabelledTexts(
        positions.stream().map(i -> corpus.texts().get(i)).toList(),
        positions.stream().mapToInt(i -> corpus.labels()[i]).toArray(),
        corpus.classNames());
  }

  /** FNV-1a over the characters, then the finaliser of SplittableRandom. */
  private static long hash(String text, long seed) {
    long h = 0xcbf29ce484222325L ^ seed * 0x9e3779b97f4a7c15L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ h >>> 30) * 0xbf58476d1ce4e5b9L;
    h = (h ^ h >>> 27) * 0x94d049bb133111ebL;
    return h ^ h >>> 31;
  }
}
