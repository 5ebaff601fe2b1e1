package dev.mona.config;

import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.Transport;
import java.io.Serializable;

/**
 * How workers are averaged.
 *
 * @param frequency local optimizer steps of one round
 * @param chunkSize values of the flat state in one chunk of the distributed sum
 * @param transport how the states come together
 * @param plaintext whether they may be sent unprotected where Spark protects what it sends
 */
public record AveragingConfig(
    int frequency, int chunkSize, Transport transport, Plaintext plaintext)
    implements Serializable {

  /** What is done where Spark protects what it sends and the transport cannot. */
  public enum Plaintext {
    REFUSE,
    ALLOW
  }

  public AveragingConfig {
    if (frequency < 1 || chunkSize < 1) {
      throw new IllegalArgumentException("frequency and chunk size must be >= 1");
    }
  }

  static final Section SECTION = new Section("Averaging");

  static final Key<Integer> FREQUENCY =
      SECTION.add(
          Key.atLeast(
              1,
              "averaging.frequency",
              "Local optimizer steps of a worker between two averagings"));
  static final Key<Integer> CHUNK_SIZE =
      SECTION.add(
          Key.between(
              1024,
              1 << 28,
              "averaging.chunk-size",
              "Values of the flat state in one chunk of the distributed sum"));
  static final Key<Transport> TRANSPORT =
      SECTION.add(
          Key.choice(
                  Transport.class,
                  "averaging.transport",
                  "How states are averaged, to the same bytes: over Spark's shuffle, or in place"
                      + " between workers that stay for an epoch, which needs libtorch; `auto` is"
                      + " in place wherever that is possible")
              .notDecisive());
  static final Key<Plaintext> PLAINTEXT =
      SECTION.add(
          Key.choice(
                  Plaintext.class,
                  "averaging.collective.plaintext",
                  "Whether states may be averaged in place, in plain text between the workers,"
                      + " where Spark's authentication or encryption is on")
              .notDecisive());

  /** For so many workers. */
  public AveragingOptions options(int partitions) {
    return new AveragingOptions(
        partitions, frequency, chunkSize, transport, plaintext == Plaintext.ALLOW);
  }

  static AveragingConfig from(Values values) {
    return new AveragingConfig(
        values.get(FREQUENCY),
        values.get(CHUNK_SIZE),
        values.get(TRANSPORT),
        values.get(PLAINTEXT));
  }
}
