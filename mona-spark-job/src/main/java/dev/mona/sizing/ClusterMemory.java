package dev.mona.sizing;

import dev.mona.compute.Precision;
import dev.mona.encoder.StepBuffers;
import dev.mona.learner.Stage;
import java.util.OptionalDouble;

/**
 * Memory of executors and driver, in bytes. With frozen broadcast {@code F}, state of a round
 * {@code S}, cached samples {@code D}, a window of a worker's samples {@code V}, what the metric
 * keeps of samples {@code K}, all parameters {@code P}, learner {@code A} (see {@link
 * LearnerMemory}), {@code w} executors and {@code c} tasks at once in each:
 *
 * <pre>
 * executor heap   = 400 MiB + 1.35 (2 F + 2 S + c (2 S + 64 MiB) + 2 D / w + 3 K), or where workers
 *                   have more than a window, at most 1.25 c V for 2 D / w
 * executor disk   = 2 D / w                     samples as they are dealt, and those that are cached
 * executor arrays =  64 MiB + 1.1 (4 tables + c A + measures)
 * driver heap     = 400 MiB + 1.35 (2 F + 7 S + 8 P + 32 MiB)
 * driver arrays   =  64 MiB + 1.1 * 12 P
 * rest            = max(512 MiB, heap / 10)     metaspace, code, threads, network buffers, natives
 * </pre>
 *
 * <p>A broadcast is held twice: as Spark's pieces and as the object. A task makes its state anew,
 * or holds the contributions to one reducer, which are as large, beside Spark's buffers of 48 MB on
 * the way. The driver holds the round's state before and after, as pieces and as results, one that
 * a checkpoint is written from, and the chosen epoch; of target samples, it holds those of the
 * fixed measures, which are part of F, and at most 32 MiB of counts and hashes by which others are
 * chosen: nothing that grows with their number. What a metric keeps is merged in one task, where it
 * is there as parts, merged, and once more while that grows. Samples that do not fit into Spark's
 * part of the heap are on disk; a task holds a window beside that part, and a quarter of one is for
 * blocks on their way, so the part must be smaller than Spark's default then. The factors leave
 * room for collection and rounding. Measures are the retention probe, the forgetting gap and the
 * discrepancy, one of each in a JVM. On a GPU the executor's arrays lie in the device's memory, and
 * the process needs {@code 2 S} for copies.
 */
public final class ClusterMemory {
  private static final long MIB = 1L << 20;
  private static final long JVM = 400 * MIB;
  private static final long SMALL_ARRAYS = 64 * MIB;
  private static final long FETCHED = 64 * MIB;
  private static final long LEAST_REST = 512 * MIB;
  private static final long CHOICE = 32 * MIB;
  private static final double COLLECTION = 1.35;
  private static final double ROUNDING = 1.1;

  /** Of a window. */
  private static final double ON_THEIR_WAY = 0.25;

  /** What Spark leaves alone of a heap before its share is taken, and that share by default. */
  private static final long SPARKS_RESERVE = 300 * MIB;

  private static final double SPARKS_SHARE = 0.6;

  private ClusterMemory() {}

  /** What an executor needs. */
  public static ProcessMemory executor(Workload work, Cluster cluster) {
    int tasks = cluster.tasksAtOnce(work.partitions());
    double held =
        2.0 * work.frozen()
            + 2.0 * work.state()
            + tasks * (2.0 * work.state() + FETCHED)
            + Math.min(allSamples(work, cluster), someSamples(work, tasks))
            + 3.0 * work.samples().kept();
    long heap = JVM + Math.round(COLLECTION * held);
    long host =
        cluster.gpu()
            ? SMALL_ARRAYS + 2 * work.state()
            : deviceArrays(work, tasks, cluster.precision());
    return process(heap, host);
  }

  private static double allSamples(Workload work, Cluster cluster) {
    return 2.0 * work.samples().cached() / cluster.executors();
  }

  private static double someSamples(Workload work, int tasks) {
    long window = work.samples().window();
    return window == 0 ? Double.POSITIVE_INFINITY : (1 + ON_THEIR_WAY) * tasks * window;
  }

  /**
   * Share of an executor's heap that Spark may fill, as {@code spark.memory.fraction} counts it,
   * where samples are on disk for lack of room; otherwise none.
   *
   * @param heap bytes of the executor's
   */
  public static OptionalDouble sparkShare(Workload work, Cluster cluster, long heap) {
    int tasks = cluster.tasksAtOnce(work.partitions());
    if (allSamples(work, cluster) <= someSamples(work, tasks)) {
      return OptionalDouble.empty();
    }
    double beside =
        2.0 * work.state()
            + tasks * (2.0 * work.state() + FETCHED + work.samples().window())
            + 3.0 * work.samples().kept();
    double share = (heap - JVM - COLLECTION * beside) / (heap - SPARKS_RESERVE);
    return OptionalDouble.of(Math.min(SPARKS_SHARE, Math.floor(100 * share) / 100));
  }

  /** Bytes of samples on an executor's disk at most. */
  public static long disk(Workload work, Cluster cluster) {
    return Math.round(allSamples(work, cluster));
  }

  /**
   * Bytes of arrays on an executor's device: the CPU's memory, or the GPU's.
   *
   * @param precision of products of matrices
   */
  public static long deviceArrays(Workload work, int tasks, Precision precision) {
    LearnerMemory learner =
        new LearnerMemory(work.shape(), work.options(), work.samples().partition(), precision);
    long values = work.shape().tables() + tasks * learner.values() + measures(work);
    return SMALL_ARRAYS + Math.round(ROUNDING * Float.BYTES * values);
  }

  /** Values of the retention probe, the forgetting gap and the discrepancy, in this order. */
  private static long measures(Workload work) {
    ModelShape shape = work.shape();
    StepBuffers buffers = shape.buffers();
    int measured = work.options().source().measuredAtOnce();
    int batch = work.options().stage(Stage.ALIGNMENT).batchSize();
    long probe = shape.parameters().encoder() + buffers.outer(measured, 1, shape.tokens().source());
    long gap =
        2 * shape.parameters().all()
            + shape.parameters().encoder()
            + buffers.step(batch, shape.tokens().target());
    long discrepancy =
        shape.parameters().encoder()
            + shape.parameters().embedder()
            + buffers.step(measured, shape.tokens().target());
    return probe + gap + discrepancy;
  }

  /** What the driver needs. */
  public static ProcessMemory driver(Workload work) {
    long parameters = Float.BYTES * work.shape().parameters().all();
    double held = 2.0 * work.frozen() + 7.0 * work.state() + 2.0 * parameters + CHOICE;
    long arrays = SMALL_ARRAYS + Math.round(ROUNDING * 3 * parameters);
    return process(JVM + Math.round(COLLECTION * held), arrays);
  }

  /**
   * Bytes that the driver collects at once: the state of a round, serialised, and reports, or the
   * samples of the fixed measures.
   */
  public static long results(Workload work) {
    return Math.max(1024 * MIB, Math.round(1.5 * Math.max(work.state(), work.samples().fixed())));
  }

  private static ProcessMemory process(long heap, long arrays) {
    return new ProcessMemory(heap, arrays, Math.max(LEAST_REST, heap / 10));
  }
}
