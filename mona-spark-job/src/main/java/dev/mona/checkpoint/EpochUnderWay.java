package dev.mona.checkpoint;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done of an epoch that has not ended.
 *
 * @param rounds rounds of it that are done; 0 between epochs
 * @param examples samples seen in them by all workers
 * @param sums sums of their metrics by name, to which the epoch's other rounds are added
 * @param counts number of examples or steps in each sum
 * @param start flat parameters at its start, where nothing else of the checkpoint holds them and a
 *     divergence would end with them; shared, treat it as read-only
 */
public record EpochUnderWay(
    int rounds,
    long examples,
    Map<String, Double> sums,
    Map<String, Long> counts,
    float @Nullable [] start) {

  /** Between two epochs. */
  public static final EpochUnderWay NONE = new EpochUnderWay(0, 0, Map.of(), Map.of(), null);

  public EpochUnderWay {
    boolean nothing = examples == 0 && sums.isEmpty() && counts.isEmpty() && start == null;
    if (rounds < 0 || examples < 0 || (rounds == 0 && !nothing)) {
      throw new IllegalArgumentException(
          examples + " examples in " + rounds + " rounds of an epoch: impossible");
    }
    if (!sums.keySet().equals(counts.keySet())) {
      throw new IllegalArgumentException(
          "sums of " + sums.keySet() + " but counts of " + counts.keySet());
    }
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EpochUnderWay that
        && rounds == that.rounds
        && examples == that.examples
        && sums.equals(that.sums)
        && counts.equals(that.counts)
        && Arrays.equals(start, that.start);
  }

  @Override
  public int hashCode() {
    return 31 * rounds + Arrays.hashCode(start);
  }

  @Override
  public String toString() {
    return "EpochUnderWay[" + rounds + " rounds, " + examples + " examples, " + sums + "]";
  }
}
