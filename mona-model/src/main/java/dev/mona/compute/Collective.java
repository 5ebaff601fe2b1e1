package dev.mona.compute;

import java.util.List;

/**
 * What several workers compute together on arrays that each of them has. All members call the same
 * methods in the same order, with arrays of the same lengths; a call returns when it is done here.
 *
 * <p>A member that is {@linkplain Membership#cancelled cancelled} while it waits for the others
 * throws a {@link java.util.concurrent.CancellationException}; where another one is gone, calls
 * throw a {@link LostMemberException}. Afterwards it can only be closed.
 */
public interface Collective extends AutoCloseable {

  /** This member, from 0 on. */
  int rank();

  /** How many there are. */
  int size();

  /**
   * Puts the mean of all members' arrays into those of every member, in place: {@code sum_p w_p x_p
   * / sum_p w_p} over the members whose weight is not 0, products and sum in double in the order of
   * ranks, divided once, rounded to float once. The mean of one is that one, bit for bit.
   *
   * @param weights of every member, {@code [size]}; at least one is positive
   * @return whether all of the mean is finite, at whatever member
   */
  boolean mean(List<Array> arrays, long[] weights);

  /**
   * The same with an outer step on the mean before everybody has it: every member takes it on the
   * values of which it took the mean, so that no value is kept twice.
   *
   * @param share this member's, of the same arrays; moves on
   * @return whether all that was written is finite, at whatever member
   */
  boolean step(List<Array> arrays, long[] weights, OuterShare share);

  /**
   * This member's share of an outer optimizer. The arrays hold the parameters that the next local
   * steps start from.
   *
   * @param velocity of all values, array by array; looked at where {@code from} is this member
   * @param from who has it
   */
  OuterShare share(List<Array> arrays, Nesterov rule, float[] velocity, int from);

  /**
   * The velocity of all values from the shares of all members.
   *
   * @param to who is to have it
   * @return array by array; empty at the other members
   */
  float[] velocity(List<Array> arrays, OuterShare share, int to);

  /** Puts the values of one member's arrays into those of every member. */
  void broadcast(List<Array> arrays, int from);

  /** A few bytes of every member, in the order of ranks. */
  List<byte[]> gather(byte[] own);

  /** Leaves. Repeatable. */
  @Override
  void close();
}
