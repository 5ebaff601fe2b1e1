package dev.mona.corpus;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples of the source modality with one class each.
 *
 * @param <C> what a choice of them is
 */
public interface Corpus<C> {
  /** Class of each sample, {@code 0 .. classNames().size() - 1}. */
  int[] labels();

  /** Names of the classes. */
  List<String> classNames();

  /** A hash of the content of a sample and a seed. */
  long hash(int sample, long seed);

  /** Order of two samples by their content alone, 0 when it is the same. */
  int compare(int one, int other);

  /** The samples at some positions, in that order. */
  C select(List<Integer> positions);

  /** Number of samples. */
  default int size() {
    return labels().length;
  }

  /** Chooses samples for training and, apart from them, for the probe: see {@link CorpusSplit}. */
  default CorpusSplit<C> split(int trainPerClass, int probePerClass, long seed) {
    return CorpusSplit.of(this, trainPerClass, probePerClass, seed);
  }

  /** The first samples of each class, in the order they have here. */
  default C firstPerClass(int most) {
    List<Integer> chosen = new ArrayList<>();
    int[] counts = new int[classNames().size()];
    for (int i = 0; i < size(); i++) {
      if (counts[labels()[i]]++ < most) {
        chosen.add(i);
      }
    }
    return select(chosen);
  }
}
