package dev.mona.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.sizing.Workload;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessCheckTest {
  /**
   * The published set with 128 or 512 residues of a protein: 2.6 or 42 billion values, of which a
   * worker has eight blocks at once.
   */
  @ParameterizedTest
  @CsvSource({
    "128, 1, 2765, 280",
    "128, 2, 1383, 280",
    "128, 8, 346, 280",
    "128, 16, 173, 0",
    "512, 1, 2765, 16",
    "512, 256, 11, 0"
  })
  void aPartitionOfMoreThanAWindowIsNotInMemoryAsAWhole(
      int side, int workers, int largest, int window) {
    // features and labels of a map of residues, and the id, in bytes
    long sample = 4 * (58L * side * side + 2);
    TaskSpec psicov = TaskSpec.of("psicov", TaskKind.DENSE, new SampleShape(57, side, side), 1);
    Workload.Samples found =
        ReadinessCheck.samples(psicov, new ReadinessCheck.Samples(2765, 691, 150), workers, 257, 8);
    assertThat(found)
        .isEqualTo(
            new Workload.Samples(largest, sample * (2765 + 691), sample * window, sample * 257, 8));
  }

  @Test
  void aSmallSetIsInMemory() {
    TaskSpec dna = TaskSpec.of("dna", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    assertThat(ReadinessCheck.samples(dna, new ReadinessCheck.Samples(1000, 100, 0), 3, 10, 0))
        .isEqualTo(new Workload.Samples(334, 4 * 243 * 1100, 0, 4 * 243 * 10, 0));
  }
}
