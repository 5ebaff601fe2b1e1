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
  /** Features and labels of a map of residues, and the id, in bytes. */
  private static final long SAMPLE = 4 * (58L * 128 * 128 + 2);

  /** The published set: 2.6 billion values, of which a worker has eight blocks at once. */
  @ParameterizedTest
  @CsvSource({"1, 2765, 280", "2, 1383, 280", "8, 346, 280", "16, 173, 0"})
  void aPartitionOfMoreThanAWindowIsNotInMemoryAsAWhole(int workers, int largest, int window) {
    TaskSpec psicov =
        TaskSpec.of("psicov", TaskKind.DENSE, new SampleShape(57, 128, 128), 1);
    Workload.Samples found =
        ReadinessCheck.samples(
            psicov, new ReadinessCheck.Samples(2765, 691, 150), workers, 257, 8);
    assertThat(found)
        .isEqualTo(
            new Workload.Samples(
                largest, SAMPLE * (2765 + 691), SAMPLE * window, SAMPLE * 257, 8));
  }

  @Test
  void aSmallSetIsInMemory() {
    TaskSpec dna = TaskSpec.of("dna", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    assertThat(
            ReadinessCheck.samples(dna, new ReadinessCheck.Samples(1000, 100, 0), 3, 10, 0))
        .isEqualTo(new Workload.Samples(334, 4 * 243 * 1100, 0, 4 * 243 * 10, 0));
  }
}
