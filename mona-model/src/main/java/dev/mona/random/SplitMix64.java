package dev.mona.random;

/**
 * The finaliser of SplitMix64 as a hash of a sequence of longs (Steele, Lea and Flood, OOPSLA 2014,
 * with Stafford's "variant 13" constants). Stateless: whatever is drawn from it depends on its
 * arguments only, never on what was drawn before or by whom.
 */
public final class SplitMix64 {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** The finaliser: a bijection of the longs in which each input bit reaches all output bits. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Hash of a sequence. {@code hash(hash(a, b), c) == hash(a, b, c)} does not hold; {@link
   * #then(long, long)} is the step that does: {@code then(hash(a, b), c) == hash(a, b, c)}.
   */
  public static long hash(long... values) {
    long h = 0;
    for (long value : values) {
      h = then(h, value);
    }
    return h;
  }

  /**
   * Extends a hash by one value. For a fixed {@code hash} this is a bijection of {@code value}, so
   * distinct ids never collide.
   */
  public static long then(long hash, long value) {
    return mix(hash + GAMMA + value);
  }
}
