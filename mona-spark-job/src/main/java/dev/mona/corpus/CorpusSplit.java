package dev.mona.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Two disjoint choices from a corpus.
 *
 * <p>Samples are ranked by a hash of their content and the seed, and each class gives its first
 * samples to the probe, but at most a third of them, and the next ones to training. So the choice
 * is a pure function of the seed and the set of samples, whatever the order in which they were
 * read, and a larger training part begins, in each class, with every smaller one. A sample that
 * occurs several times counts once, under its lowest class: none can be in both parts.
 *
 * @param train what the outer loss and the probe are fitted on, class by class
 * @param probe what the probe is tested on, class by class
 * @param <C> a corpus
 */
public record CorpusSplit<C>(C train, C probe) {
  private static final int PROBE_SHARE = 3;

  /**
   * Splits a corpus.
   *
   * @param trainPerClass the most training samples of a class, at least 1; {@link
   *     Integer#MAX_VALUE} for all
   * @param probePerClass the most probe samples of a class
   */
  static <C> CorpusSplit<C> of(Corpus<C> corpus, int trainPerClass, int probePerClass, long seed) {
    if (trainPerClass < 1 || probePerClass < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "cannot choose %d training and %d probe samples per class",
              trainPerClass,
              probePerClass));
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
    return new CorpusSplit<>(corpus.select(train), corpus.select(probe));
  }

  /** Positions of the samples of each class by ascending hash, repeated samples left out. */
  private static List<List<Integer>> rank(Corpus<?> corpus, long seed) {
    long[] hashes =
        IntStream.range(0, corpus.size()).mapToLong(i -> corpus.hash(i, seed)).toArray();
    Integer[] order = IntStream.range(0, corpus.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingLong(i -> hashes[i])
            .thenComparing(corpus::compare)
            .thenComparingInt(i -> corpus.labels()[i]));
    List<List<Integer>> ranked = new ArrayList<>();
    corpus.classNames().forEach(name -> ranked.add(new ArrayList<>()));
    int previous = -1;
    for (int i : order) {
      if (previous < 0 || corpus.compare(previous, i) != 0) {
        ranked.get(corpus.labels()[i]).add(i);
      }
      previous = i;
    }
    return ranked;
  }

  /** FNV-1a over units of a content, then the finaliser of SplittableRandom. */
  static long hash(int units, IntUnaryOperator unit, long seed) {
    long h = 0xcbf29ce484222325L ^ seed * 0x9e3779b97f4a7c15L;
    for (int i = 0; i < units; i++) {
      h = (h ^ unit.applyAsInt(i)) * 0x100000001b3L;
    }
    h = (h ^ h >>> 30) * 0xbf58476d1ce4e5b9L;
    h = (h ^ h >>> 27) * 0x94d049bb133111ebL;
    return h ^ h >>> 31;
  }
}
