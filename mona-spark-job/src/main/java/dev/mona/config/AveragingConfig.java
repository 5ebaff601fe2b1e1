package dev.mona.config;

import java.io.Serializable;

/**
 * How workers are averaged.
 *
 * @param frequency local optimizer steps of one round
 * @param chunkSize values of the flat state in one chunk of the distributed sum
 */
public record AveragingConfig(int frequency, int chunkSize) implements Serializable {

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

  static AveragingConfig from(Values values) {
    return new AveragingConfig(values.get(FREQUENCY), values.get(CHUNK_SIZE));
  }
}
