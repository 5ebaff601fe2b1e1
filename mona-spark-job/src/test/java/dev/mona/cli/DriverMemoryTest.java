package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Precision;
import dev.mona.config.ConfigLayers;
import dev.mona.sizing.Cluster;
import dev.mona.sizing.ClusterMemory;
import dev.mona.sizing.Workload;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import org.junit.jupiter.api.Test;

/** The account of memory: what grows with the number of samples, and what does not. */
class DriverMemoryTest {
  private static final Workload SMALL =
      SmallWorkload.of(
          ConfigLayers.start().text("task", "task { name = t, data = d }").load(),
          TaskSpec.of("dna", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3));
  private static final Cluster CLUSTER = new Cluster(2, 1, 1, false, Precision.FLOAT32);

  private static Workload with(long cached, long fixed, long kept) {
    return new Workload(
        SMALL.shape(),
        SMALL.options(),
        SMALL.partitions(),
        new Workload.Samples(SMALL.samples().partition(), cached, fixed, kept),
        SMALL.velocity());
  }

  @Test
  void theDriverHoldsOnlyTheSamplesOfTheFixedMeasures() {
    long heap = ClusterMemory.driver(with(0, 0, 0)).heap();
    assertThat(ClusterMemory.driver(with(1L << 40, 0, 1L << 30)).heap()).isEqualTo(heap);
    // as pieces of a broadcast and as an object, with room for collection
    assertThat(ClusterMemory.driver(with(0, 1000, 0)).heap() - heap).isEqualTo(2700);
  }

  /** Four bytes for each of the 1017 parameters that are trained in finetuning. */
  @Test
  void aVelocityIsPartOfTheState() {
    Workload with =
        new Workload(SMALL.shape(), SMALL.options(), SMALL.partitions(), SMALL.samples(), true);
    assertThat(with.state() - SMALL.state()).isEqualTo(4 * 1017);
    assertThat(ClusterMemory.driver(with).heap()).isGreaterThan(ClusterMemory.driver(SMALL).heap());
    assertThat(ClusterMemory.executor(with, CLUSTER).heap())
        .isGreaterThan(ClusterMemory.executor(SMALL, CLUSTER).heap());
  }

  @Test
  void executorsHoldTheirShareAndOneOfThemWhatAMetricKeeps() {
    long heap = ClusterMemory.executor(with(0, 0, 0), CLUSTER).heap();
    assertThat(ClusterMemory.executor(with(1000, 0, 0), CLUSTER).heap() - heap).isEqualTo(1350);
    assertThat(ClusterMemory.executor(with(0, 0, 1000), CLUSTER).heap() - heap).isEqualTo(4050);
  }
}
