package dev.mona.compute;

/**
 * What an outer optimizer keeps of the values of which one member of a {@link Collective} takes the
 * mean: the parameters before the local steps and the velocity. They lie in the order in which the
 * collective comes to them, and it is the collective that makes a share and steps on it.
 */
public final class OuterShare {
  private final Nesterov rule;
  private final int rank;
  private final int size;
  private final float[] before;
  private final float[] velocity;
  private int at;

  /**
   * The share of one member.
   *
   * @param of whose member it is
   * @param before its parameters, {@code [n]}; taken over
   * @param velocity theirs, {@code [n]}; taken over
   */
  public OuterShare(Nesterov rule, Collective of, float[] before, float[] velocity) {
    if (before.length != velocity.length) {
      throw new IllegalArgumentException(
          before.length + " parameters with a velocity of " + velocity.length);
    }
    this.rule = rule;
    rank = of.rank();
    size = of.size();
    this.before = before;
    this.velocity = velocity;
  }

  /** Whether a member has this share: the same one of as many. */
  public boolean isOf(Collective member) {
    return member.rank() == rank && member.size() == size;
  }

  /** Starts with the first value again. */
  public void rewind() {
    at = 0;
  }

  /**
   * Steps over the values that come next.
   *
   * @param values {@code [>= n]} the mean, and the new parameters afterwards
   */
  public void step(float[] values, int n) {
    rule.step(before, velocity, at, values, n);
    System.arraycopy(values, 0, before, at, n);
    at += n;
  }

  /** The velocity itself, {@code [n]}. */
  public float[] velocity() {
    return velocity;
  }
}
