package dev.mona.source;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.random.SplitMix64;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws source batches of some classes with some samples each, so that every sample has positives
 * and negatives. A batch is a pure function of the seed and its key.
 */
public final class SourceSampler {
  private static final long SHUFFLE_KEY = 0x5A0FL;
  private static final long SUBSET_KEY = 0x5B5EL;

  private final SourceSamples samples;
  private final List<int[]> byClass = new ArrayList<>();
  private final int classes;
  private final int perClass;
  private final long seed;

  /**
   * Lists the samples of each class; classes with too few of them are left out.
   *
   * @throws MonaException when fewer than {@code classes} classes have {@code perClass} samples
   */
  public SourceSampler(SourceSamples samples, int classes, int perClass, long seed) {
    this.samples = samples;
    this.classes = classes;
    this.perClass = perClass;
    this.seed = seed;
    List<List<Integer>> lists = new ArrayList<>();
    for (int c = 0; c < samples.classNames().size(); c++) {
      lists.add(new ArrayList<>());
    }
    for (int i = 0; i < samples.size(); i++) {
      lists.get(samples.labels()[i]).add(i);
    }
    for (List<Integer> list : lists) {
      if (list.size() >= perClass) {
        byClass.add(list.stream().mapToInt(Integer::intValue).toArray());
      }
    }
    if (byClass.size() < classes) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "a source batch of %d classes x %d samples cannot be drawn, only %d classes have that many: take fewer classes or keep more samples",
              classes,
              perClass,
              byClass.size()),
          Setting.SOURCE_CLASSES,
          Setting.SOURCE_SAMPLES);
    }
  }

  /**
   * Indices of some samples, ascending: those with the smallest hashes, all where there are no
   * more. A pure function of the seed.
   */
  public static int[] subset(SourceSamples samples, int size, long seed) {
    long prefix = SplitMix64.hash(seed, SUBSET_KEY);
    return IntStream.range(0, samples.size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> SplitMix64.then(prefix, i)))
        .limit(size)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /** The same samples with their labels permuted: the control without source knowledge. */
  public static SourceSamples shuffled(SourceSamples samples, long seed) {
    int[] labels = samples.labels().clone();
    Random random = new Random(SplitMix64.hash(seed, SHUFFLE_KEY));
    for (int i = labels.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = labels[i];
      labels[i] = labels[j];
      labels[j] = swap;
    }
    return samples.withLabels(labels);
  }

  /** The batch of a key, e.g. (epoch, step, partition). */
  public SourceBatch batch(long... key) {
    Random random = new Random(SplitMix64.hash(seed, SplitMix64.hash(key)));
    int[] chosen = new int[classes * perClass];
    int n = 0;
    for (int c : draw(random, byClass.size(), classes)) {
      int[] members = byClass.get(c);
      for (int m : draw(random, members.length, perClass)) {
        chosen[n++] = members[m];
      }
    }
    return samples.batch(chosen);
  }

  /** Some of {@code 0 .. n-1} without repetition: the head of a Fisher-Yates shuffle. */
  private static int[] draw(Random random, int n, int count) {
    int[] all = new int[n];
    for (int i = 0; i < n; i++) {
      all[i] = i;
    }
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(n - i);
      drawn[i] = all[j];
      all[j] = all[i];
    }
    return drawn;
  }
}
