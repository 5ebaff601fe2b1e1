package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.compute.HostScratch;
import dev.mona.random.SplitMix64;
import java.util.Locale;

/**
 * Dropout (Srivastava et al. 2014): each value is set to 0 with some probability, the others are
 * scaled up so that the mean stays. Which ones depends on the key of the sample, the place in the
 * network and the position there, not on the samples beside it.
 */
public final class Dropout {
  /** Changes nothing. */
  public static final Dropout NONE = new Dropout(0);

  private static final int DRAWS = 4;
  private static final int BITS = 16;
  private static final int STEPS = 1 << BITS;
  private static final HostScratch MEMORY = new HostScratch();

  private final int dropped;
  private final long[] keys;

  /**
   * Dropout of one batch.
   *
   * @param rate probability in {@code [0, 1)}, rounded to a multiple of 2^-16
   * @param keys one number for each sample, drawn anew for each time that it is seen
   */
  public Dropout(double rate, long... keys) {
    this.dropped = (int) Math.min(STEPS - 1, Math.round(rate * STEPS));
    this.keys = keys.clone();
  }

  /**
   * Records it.
   *
   * @param place name of what {@code x} is, another at each place of a network
   * @param x {@code [samples * tokens, width]}, sample by sample
   */
  public Variable apply(String place, Variable x) {
    if (dropped == 0) {
      return x;
    }
    int length = Math.toIntExact(x.value().length());
    if (length % keys.length != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d values at %s are not those of %d samples",
              length,
              place,
              keys.length));
    }
    float[] mask = MEMORY.atLeast(0, length);
    int perSample = length / keys.length;
    for (int i = 0; i < keys.length; i++) {
      fill(mask, i * perSample, (i + 1) * perSample, SplitMix64.then(keys[i], place.hashCode()));
    }
    return x.multiply(mask);
  }

  /** Four decisions from each hash, of 16 bits each. */
  private void fill(float[] mask, int from, int to, long prefix) {
    float kept = (float) ((double) STEPS / (STEPS - dropped));
    for (int at = from; at < to; at += DRAWS) {
      long bits = SplitMix64.then(prefix, at - from);
      int end = Math.min(to, at + DRAWS);
      for (int k = at; k < end; k++) {
        mask[k] = (bits & (STEPS - 1)) < dropped ? 0 : kept;
        bits >>>= BITS;
      }
    }
  }
}
