package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
  private static final Workload SMALL = small("");
  private static final Cluster CLUSTER = new Cluster(2, 1, 1, false, Precision.FLOAT32);

  private static Workload small(String more) {
    return SmallWorkload.of(
        ConfigLayers.start().text("task", "task { name = t, data = d }\n" + more).load(),
        TaskSpec.of("dna", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3));
  }

  private static Workload with(long cached, long fixed, long kept) {
    return new Workload(
        SMALL.shape(),
        SMALL.options(),
        SMALL.partitions(),
        new Workload.Samples(SMALL.samples().partition(), cached, 0, fixed, kept),
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

  /** Of the same parameters, in the state and in the arrays of a learner. */
  @Test
  void anAverageIsPartOfTheStateAndOfTheMoments() {
    Workload with = small("finetuning.ema = 0.999");
    assertThat(with.state() - SMALL.state()).isEqualTo(4 * 1017);
    long arrays = ClusterMemory.deviceArrays(with, 2, Precision.FLOAT32);
    double more = arrays - ClusterMemory.deviceArrays(SMALL, 2, Precision.FLOAT32);
    assertThat(more).isCloseTo(1.1 * 2 * 4 * 1017, within(1.0));
  }

  @Test
  void executorsHoldTheirShareAndOneOfThemWhatAMetricKeeps() {
    long heap = ClusterMemory.executor(with(0, 0, 0), CLUSTER).heap();
    assertThat(ClusterMemory.executor(with(1000, 0, 0), CLUSTER).heap() - heap).isEqualTo(1350);
    assertThat(ClusterMemory.executor(with(0, 0, 1000), CLUSTER).heap() - heap).isEqualTo(4050);
  }

  private static Workload windowed(long cached, long window) {
    return new Workload(
        SMALL.shape(),
        SMALL.options(),
        SMALL.partitions(),
        new Workload.Samples(SMALL.samples().partition(), cached, window, 0, 0),
        SMALL.velocity());
  }

  @Test
  void samplesThatDoNotFitIntoTheHeapAreOnDisk() {
    long heap = ClusterMemory.executor(with(0, 0, 0), CLUSTER).heap();
    // a window and a quarter of one, with room for collection
    assertThat(ClusterMemory.executor(windowed(1L << 40, 1000), CLUSTER).heap() - heap)
        .isBetween(1687L, 1688L);
    assertThat(ClusterMemory.executor(windowed(1000, 1000), CLUSTER).heap() - heap).isEqualTo(1350);
    assertThat(ClusterMemory.disk(windowed(1L << 40, 1000), CLUSTER)).isEqualTo(1L << 40);
  }

  /** What is left of the heap beside Spark's share takes everything else. */
  @Test
  void sparkFillsNoMoreThanTheWindowsLeave() {
    Workload large = windowed(1L << 40, 1L << 30);
    long heap = ClusterMemory.executor(large, CLUSTER).heap();
    double share = ClusterMemory.sparkShare(large, CLUSTER, heap).orElseThrow();
    double beside = (400L << 20) + 1.35 * (4 * large.state() + (64L << 20) + (1L << 30));
    assertThat(heap - share * (heap - (300L << 20))).isBetween(beside - 1, beside + heap / 100.0);
    assertThat(ClusterMemory.sparkShare(large, CLUSTER, 100 * heap)).hasValue(0.6);
    assertThat(ClusterMemory.sparkShare(with(1L << 40, 0, 0), CLUSTER, heap)).isEmpty();
  }
}
