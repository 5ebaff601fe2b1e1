package dev.mona.data;

import dev.mona.random.SplitMix64;
import java.io.Serializable;

/**
 * What samples are ordered by. Distinct ids have distinct keys.
 *
 * @param hashed whether by {@code hash(prefix, id)}; otherwise by the id itself
 * @param prefix hash of seed and purpose
 */
record SampleKey(boolean hashed, long prefix) implements Serializable {
  /** Ascending ids. */
  static final SampleKey ID = new SampleKey(false, 0);

  /** An order that looks random, another for each seed and purpose. */
  static SampleKey shuffled(long seed, long purpose) {
    return new SampleKey(true, SplitMix64.hash(seed, purpose));
  }

  long of(long id) {
    return hashed ? SplitMix64.then(prefix, id) : id;
  }
}
