package dev.mona.data;

import java.io.Serializable;

/**
 * The first samples of each stratum, said without naming them: those whose key is at most that of
 * the last one.
 *
 * @param key what samples are ordered by
 * @param taken how many of each stratum
 * @param last key of the last one taken; without meaning where none is
 */
record Threshold(SampleKey key, int[] taken, long[] last) implements Serializable {
  /** A threshold over all samples knows one stratum only, whatever their classes. */
  boolean takes(int ofClass, long id) {
    int stratum = taken.length == 1 ? 0 : ofClass;
    return taken[stratum] > 0 && key.of(id) <= last[stratum];
  }
}
