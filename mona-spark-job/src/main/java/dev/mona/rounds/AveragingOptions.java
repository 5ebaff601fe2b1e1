package dev.mona.rounds;

import java.io.Serializable;

/**
 * How the work is spread, how often it is averaged and what that means.
 *
 * @param partitions partitions of the target training set; each is one worker of every round
 * @param frequency local optimizer steps between two averagings (K)
 * @param chunkSize floats of one chunk of the flat state in the shuffle
 * @param way how the states come together
 * @param outer what becomes of them
 */
public record AveragingOptions(
    int partitions, int frequency, int chunkSize, Way way, OuterUpdate outer)
    implements Serializable {

  /** One MiB a chunk: small against a state, large against the overhead of a shuffle record. */
  public static final int DEFAULT_CHUNK_SIZE = 1 << 18;

  public AveragingOptions {
    if (partitions < 1 || frequency < 1 || chunkSize < 1) {
      throw new IllegalArgumentException(
          "partitions, frequency and chunk size are "
              + partitions
              + ", "
              + frequency
              + " and "
              + chunkSize
              + ", must be >= 1");
    }
  }

  /** The mean, by some transport. */
  public AveragingOptions(
      int partitions, int frequency, int chunkSize, Transport transport, boolean plaintext) {
    this(partitions, frequency, chunkSize, new Way(transport, plaintext), OuterUpdate.MEAN);
  }

  /** The mean over the shuffle. */
  public AveragingOptions(int partitions, int frequency, int chunkSize) {
    this(partitions, frequency, chunkSize, Transport.SHUFFLE, false);
  }

  /** How the states come together. */
  public Transport transport() {
    return way.transport();
  }

  /** Whether they may be sent unprotected where Spark protects what it sends. */
  public boolean plaintext() {
    return way.plaintext();
  }

  /** Whether several workers keep moments of their own; one alone has what an average would be. */
  public boolean momentsStay() {
    return outer.moments() == OuterUpdate.Moments.LOCAL && partitions > 1;
  }

  /** The same by another transport. */
  public AveragingOptions by(Transport other) {
    return new AveragingOptions(
        partitions, frequency, chunkSize, new Way(other, way.plaintext()), outer);
  }

  /** The same with other states that they come to. */
  public AveragingOptions to(OuterUpdate other) {
    return new AveragingOptions(partitions, frequency, chunkSize, way, other);
  }
}
