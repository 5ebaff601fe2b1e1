package dev.mona.rounds;

import java.io.Serializable;

/**
 * How the work is spread and how often it is averaged.
 *
 * @param partitions partitions of the target training set; each is one worker of every round
 * @param frequency local optimizer steps between two averagings (K)
 * @param chunkSize floats of one chunk of the flat state in the shuffle
 * @param transport how the states come together
 * @param plaintext whether they may be sent unprotected where Spark protects what it sends
 */
public record AveragingOptions(
    int partitions, int frequency, int chunkSize, Transport transport, boolean plaintext)
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

  /** Over the shuffle. */
  public AveragingOptions(int partitions, int frequency, int chunkSize) {
    this(partitions, frequency, chunkSize, Transport.SHUFFLE, false);
  }

  /** The same by another transport. */
  public AveragingOptions by(Transport other) {
    return new AveragingOptions(partitions, frequency, chunkSize, other, plaintext);
  }
}
