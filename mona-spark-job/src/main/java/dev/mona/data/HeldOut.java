package dev.mona.data;

import dev.mona.random.SplitMix64;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;

/** A part of each class of some samples, chosen by a seed where their rows are. */
public final class HeldOut implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long PURPOSE = 4;

  private final Choice choice;
  private final int size;

  private HeldOut(StratifiedSplit.Part part) {
    choice = part.choice();
    size = part.size();
  }

  /**
   * Chooses samples; at least one of each class is left.
   *
   * @param ids rows of {@code long} id and {@code int} class, 0 where there are no classes
   * @param sizes samples of each class
   * @param fraction part of each class, rounded to the nearest; from 0 to below 1
   */
  public static HeldOut of(JavaRDD<InternalRow> ids, int[] sizes, double fraction, long seed) {
    StratifiedSplit.Strata strata =
        new StratifiedSplit.Strata(new SampleIds(ids, sizes.length > 1), sizes);
    long other = SplitMix64.hash(seed, PURPOSE);
    return new HeldOut(StratifiedSplit.split(strata, fraction, 0, other).validation());
  }

  /** Number of samples that are chosen. */
  public int size() {
    return size;
  }

  public boolean takes(int ofClass, long id) {
    return size > 0 && choice.takes(ofClass, id);
  }
}
